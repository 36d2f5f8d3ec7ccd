import { dynamoDbClient, secretsClient } from '../aws/clients.ts';
import { IncidentStore } from '../aws/incident-store.ts';
import { ZapierSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { parse, z } from '../domain/schema.ts';
import { api, reply } from '../runtime/api.ts';
import { unknownIncident } from '../runtime/correlation-id.ts';
import { readEnv } from '../runtime/env.ts';
import { HttpProblem } from '../runtime/problem.ts';
import { jsonBody } from '../runtime/request.ts';
import { bearerToken, isOneOf } from '../runtime/sender-auth.ts';
import { ZapierCallbacksEnv } from './provider-callbacks.env.ts';

const env = readEnv(ZapierCallbacksEnv);
const incidents = new IncidentStore(dynamoDbClient(), env.TABLE_NAME);
const secret = new CachedSecret(secretsClient(), env.ZAPIER_SECRET_ID, ZapierSecretSchema);

/** What a Zap posts when it is done: which incident, and what it made. */
const CallbackSchema = z.object({
  correlation_id: z.uuid(),
  kind: z.enum(['jira', 'finance']),
  /** The Jira key, or the id of the finance adjustment. */
  id: z.string().check(z.minLength(1), z.maxLength(128)),
  url: z.optional(z.url({ protocol: /^https?$/, error: 'Must be an http(s) URL' }).check(z.maxLength(2_048))),
});

/** `POST /zapier/callbacks`: a Zap tells what it made; the saga, the messages and the threads get it. */
export const handler = api(async (request) => {
  const token = bearerToken(request);
  const known =
    isOneOf((await secret.get()).callback_tokens, token) ||
    isOneOf((await secret.refresh()).callback_tokens, token);
  if (!known) throw new HttpProblem(401, 'The bearer token is not a callback token of the Zaps.');
  const callback = parse(CallbackSchema, jsonBody(request));
  if (!callback.ok) throw new HttpProblem(422, 'The callback was not accepted.', { errors: callback.errors });
  const { correlation_id, kind, id, url } = callback.value;
  const result = { kind, id, ...(url === undefined ? {} : { url }) };
  const incident = await incidents.addZapResult(correlation_id, result, new Date().toISOString());
  if (incident === undefined) throw unknownIncident(correlation_id);
  return reply(200, { correlation_id, status: incident.status });
});
