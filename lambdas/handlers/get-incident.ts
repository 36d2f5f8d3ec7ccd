import { dynamoDbClient, secretsClient } from '../aws/clients.ts';
import { SendersSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { readIncidentRecord } from '../aws/timeline.ts';
import { api, reply } from '../runtime/api.ts';
import { correlationIdOf, unknownIncident } from '../runtime/correlation-id.ts';
import { readEnv } from '../runtime/env.ts';
import { incidentView } from '../runtime/incident-view.ts';
import { authenticateSender } from '../runtime/sender-auth.ts';
import { IncidentApiEnv } from './incident-api.env.ts';

const env = readEnv(IncidentApiEnv);
const dynamoDb = dynamoDbClient();
const senders = new CachedSecret(secretsClient(), env.SENDERS_SECRET_ID, SendersSecretSchema);

/** `GET /incidents/{correlation_id}`: an incident's state and timeline. */
export const handler = api(async (request) => {
  await authenticateSender(request, senders);
  const correlationId = correlationIdOf(request);
  const record = await readIncidentRecord(dynamoDb, env.TABLE_NAME, correlationId);
  if (record === undefined) throw unknownIncident(correlationId);
  return reply(200, incidentView(record), { 'cache-control': 'no-store' });
});
