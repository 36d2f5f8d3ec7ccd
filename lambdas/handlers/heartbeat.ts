import { executionState } from '../aws/audit-executions.ts';
import { dynamoDbClient, secretsClient, stepFunctionsClient } from '../aws/clients.ts';
import { IncidentStore } from '../aws/incident-store.ts';
import { SendersSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { readEnv } from '../runtime/env.ts';
import { HeartbeatApi, heartbeatToken } from '../runtime/heartbeat-api.ts';
import { beat } from '../runtime/heartbeat.ts';
import { scheduled } from '../runtime/scheduled.ts';
import { HeartbeatEnv } from './heartbeat.env.ts';

const env = readEnv(HeartbeatEnv);
const incidents = new IncidentStore(dynamoDbClient(), env.TABLE_NAME);
const stepFunctions = stepFunctionsClient();
const senders = new CachedSecret(secretsClient(), env.SENDERS_SECRET_ID, SendersSecretSchema);
// Read anew each time: a beat is minutes after the last, and the token may have been rotated.
const api = new HeartbeatApi(env.API_URL, async () => heartbeatToken(await senders.refresh()));

/** On a schedule: sends an incident that concerns nobody through API, workflow and acknowledgement. */
export const handler = scheduled(() =>
  beat({
    api,
    incident: (id) => incidents.get(id),
    execution: (id) => executionState(stepFunctions, env.STATE_MACHINE_ARN, id),
    now: () => new Date(),
  }),
);
