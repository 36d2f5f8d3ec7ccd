import { BreakerStore } from '../aws/breaker-store.ts';
import { dynamoDbClient, secretsClient } from '../aws/clients.ts';
import { ZapierSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { createZapierChannel } from '../channels/zapier/channel.ts';
import { CircuitBreaker } from '../runtime/breaker.ts';
import { perSecret } from '../runtime/channel-per-secret.ts';
import { readEnv } from '../runtime/env.ts';
import { queueWorker } from '../runtime/queue-worker.ts';
import { workerDependencies } from '../runtime/worker-dependencies.ts';
import { ZapierWorkerEnv } from './workers.env.ts';

const env = readEnv(ZapierWorkerEnv);
const secret = new CachedSecret(secretsClient(), env.ZAPIER_SECRET_ID, ZapierSecretSchema);
const deps = workerDependencies(env);
const breaker = new CircuitBreaker({
  store: new BreakerStore(dynamoDbClient(), env.TABLE_NAME, 'zapier'),
  policy: env.BREAKER_POLICY,
  now: deps.now,
});

/** Works off Zapier's queues, as long as its circuit breaker is closed. */
export const handler = queueWorker({
  ...deps,
  gate: breaker.gate,
  channel: perSecret(secret, ({ jira_hook_url, finance_hook_url }) =>
    breaker.watch(createZapierChannel({ jiraHookUrl: jira_hook_url, financeHookUrl: finance_hook_url })),
  ),
});
