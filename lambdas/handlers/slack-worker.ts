import { secretsClient } from '../aws/clients.ts';
import { SlackSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { createSlackChannel } from '../channels/slack/channel.ts';
import { perSecret } from '../runtime/channel-per-secret.ts';
import { readEnv } from '../runtime/env.ts';
import { queueWorker } from '../runtime/queue-worker.ts';
import { workerDependencies } from '../runtime/worker-dependencies.ts';
import { SlackWorkerEnv } from './workers.env.ts';

const env = readEnv(SlackWorkerEnv);
const secret = new CachedSecret(secretsClient(), env.SLACK_SECRET_ID, SlackSecretSchema);

/** Works off Slack's queues. */
export const handler = queueWorker({
  ...workerDependencies(env),
  channel: perSecret(secret, ({ bot_token: token }) =>
    createSlackChannel({ token, channelId: env.SLACK_CHANNEL_ID, baseUrl: env.SLACK_BASE_URL }),
  ),
});
