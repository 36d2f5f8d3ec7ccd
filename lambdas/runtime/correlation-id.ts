import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { validate } from 'uuid';
import { HttpProblem } from './problem.ts';

/**
 * The correlation id in a request's path.
 *
 * @throws HttpProblem 404 when it is not one that we ever gave out
 */
export function correlationIdOf(request: APIGatewayProxyEventV2): string {
  const id = request.pathParameters?.['correlation_id'] ?? '';
  if (!validate(id)) throw unknownIncident(id);
  return id.toLowerCase();
}

/** The answer for an incident that is not there. */
export const unknownIncident = (id: string): HttpProblem =>
  new HttpProblem(
    404,
    `No incident has the correlation id ${JSON.stringify(id.slice(0, 100))}. It is the correlation_id that a 202 answered; incidents are kept for 90 days.`,
  );
