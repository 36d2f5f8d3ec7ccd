import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { observed } from './middleware.ts';
import { HttpProblem } from './problem.ts';
import { logger, measure } from './telemetry.ts';

/** What an API function does with a request. A thrown {@link HttpProblem} is the answer to the caller. */
export type ApiHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** Wraps an API function: logs, metrics, and every error as problem+json. */
export function api(handle: ApiHandler) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(observed())
    .handler(async (event) => {
      try {
        return await handle(event);
      } catch (error) {
        return problemOf(error, event).toResponse(event.requestContext.requestId);
      } finally {
        // Lambda's own duration leaves out the cold start, which Slack and Discord wait for as well.
        measure('answerTime', Date.now() - event.requestContext.timeEpoch, { route: event.routeKey });
      }
    });
}

function problemOf(error: unknown, event: APIGatewayProxyEventV2): HttpProblem {
  if (error instanceof HttpProblem) {
    measure('rejected', 1, { status: String(error.status) });
    logger.info('Request refused', { route: event.routeKey, status: error.status, detail: error.message });
    return error;
  }
  // Not the caller's fault, and nothing was accepted: a later try may pass.
  logger.error('Request failed', { route: event.routeKey, error });
  measure('rejected', 1, { status: '503' });
  return new HttpProblem(503, 'The request could not be taken right now. Nothing was accepted; try again.');
}

/** A JSON answer. */
export const reply = (statusCode: number, body: object, headers: Record<string, string> = {}) => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
