import { secretsClient } from '../aws/clients.ts';
import { DiscordSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { createDiscordChannel } from '../channels/discord/channel.ts';
import { perSecret } from '../runtime/channel-per-secret.ts';
import { readEnv } from '../runtime/env.ts';
import { queueWorker } from '../runtime/queue-worker.ts';
import { workerDependencies } from '../runtime/worker-dependencies.ts';
import { DiscordWorkerEnv } from './workers.env.ts';

const env = readEnv(DiscordWorkerEnv);
const secret = new CachedSecret(secretsClient(), env.DISCORD_SECRET_ID, DiscordSecretSchema);

/** Works off Discord's queues. */
export const handler = queueWorker({
  ...workerDependencies(env),
  channel: perSecret(secret, ({ bot_token: botToken }) =>
    createDiscordChannel({ botToken, channelId: env.DISCORD_CHANNEL_ID, baseUrl: env.DISCORD_BASE_URL }),
  ),
});
