import { dynamoDbClient, secretsClient } from '../aws/clients.ts';
import { IncidentStore } from '../aws/incident-store.ts';
import { SendersSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { parse, z } from '../domain/schema.ts';
import { acknowledge, acknowledgementReply } from '../runtime/acknowledge.ts';
import { api } from '../runtime/api.ts';
import { correlationIdOf } from '../runtime/correlation-id.ts';
import { readEnv } from '../runtime/env.ts';
import { HttpProblem } from '../runtime/problem.ts';
import { jsonBody } from '../runtime/request.ts';
import { authenticateSender } from '../runtime/sender-auth.ts';
import { IncidentApiEnv } from './incident-api.env.ts';

const env = readEnv(IncidentApiEnv);
const incidents = new IncidentStore(dynamoDbClient(), env.TABLE_NAME);
const senders = new CachedSecret(secretsClient(), env.SENDERS_SECRET_ID, SendersSecretSchema);

/** Who acknowledges, when it is not the sender itself. */
const BodySchema = z.object({ by: z.optional(z.string().check(z.minLength(1), z.maxLength(100))) });

/** `POST /incidents/{correlation_id}/ack`: acknowledges for a tool or a terminal. The body is optional. */
export const handler = api(async (request) => {
  const sender = await authenticateSender(request, senders);
  const correlationId = correlationIdOf(request);
  const body = parse(BodySchema, (request.body ?? '') === '' ? {} : jsonBody(request));
  if (!body.ok) throw new HttpProblem(422, 'The body is not {"by": "<name>"}.', { errors: body.errors });
  const name = body.value.by ?? sender;
  const by = { provider: 'api' as const, id: `${sender}/${name}`, name };
  return acknowledgementReply(await acknowledge(incidents, correlationId, by, new Date()), correlationId);
});
