import { secretsClient } from '../aws/clients.ts';
import { ZapierSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { createZapierChannel } from '../channels/zapier/channel.ts';
import { perSecret } from '../runtime/channel-per-secret.ts';
import { readEnv } from '../runtime/env.ts';
import { queueWorker } from '../runtime/queue-worker.ts';
import { workerDependencies } from '../runtime/worker-dependencies.ts';
import { ZapierWorkerEnv } from './workers.env.ts';

const env = readEnv(ZapierWorkerEnv);
const secret = new CachedSecret(secretsClient(), env.ZAPIER_SECRET_ID, ZapierSecretSchema);

/** Works off Zapier's queues. */
export const handler = queueWorker({
  ...workerDependencies(env),
  channel: perSecret(secret, ({ jira_hook_url, finance_hook_url }) =>
    createZapierChannel({ jiraHookUrl: jira_hook_url, financeHookUrl: finance_hook_url }),
  ),
});
