import { secretsClient } from '../aws/clients.ts';
import { PagerDutySecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { createPagerDutyChannel } from '../channels/pagerduty/channel.ts';
import { perSecret } from '../runtime/channel-per-secret.ts';
import { readEnv } from '../runtime/env.ts';
import { admitPage } from '../runtime/page-admission.ts';
import { queueWorker } from '../runtime/queue-worker.ts';
import { workerDependencies } from '../runtime/worker-dependencies.ts';
import { PagerDutyWorkerEnv } from './workers.env.ts';

const env = readEnv(PagerDutyWorkerEnv);
const secret = new CachedSecret(secretsClient(), env.PAGERDUTY_SECRET_ID, PagerDutySecretSchema);
const deps = workerDependencies(env);

/** Works off PagerDuty's queues: pages whom nobody took the incident from, once. */
export const handler = queueWorker({
  ...deps,
  channel: perSecret(secret, ({ routing_key: routingKey }) =>
    createPagerDutyChannel({ routingKey, baseUrl: env.PAGERDUTY_BASE_URL }),
  ),
  admit: (incident, job) => admitPage(deps.incidents, incident, job, deps.now()),
  afterNotify: async ({ incident }) => {
    await deps.incidents.paged(incident.correlation_id, deps.now().toISOString());
  },
});
