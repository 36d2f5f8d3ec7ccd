import { ChannelMappings } from '../aws/breaker-mappings.ts';
import { messagesIn } from '../aws/breaker-queues.ts';
import { BreakerStore } from '../aws/breaker-store.ts';
import { dynamoDbClient, lambdaClient, secretsClient, snsClient, sqsClient } from '../aws/clients.ts';
import { Operators } from '../aws/operators.ts';
import { PauseStore } from '../aws/pause-store.ts';
import { ZapierSecretSchema } from '../aws/secret-schemas.ts';
import { CachedSecret } from '../aws/secrets.ts';
import { createZapierChannel } from '../channels/zapier/channel.ts';
import { keepBreaker } from '../runtime/breaker-keeper.ts';
import { perSecret } from '../runtime/channel-per-secret.ts';
import { readEnv } from '../runtime/env.ts';
import { scheduled } from '../runtime/scheduled.ts';
import { workerDependencies } from '../runtime/worker-dependencies.ts';
import { BreakerKeeperEnv } from './breaker-keeper.env.ts';

const env = readEnv(BreakerKeeperEnv);
const dynamoDb = dynamoDbClient();
const sqs = sqsClient();
const secret = new CachedSecret(secretsClient(), env.ZAPIER_SECRET_ID, ZapierSecretSchema);
const worker = workerDependencies(env);

/** Each minute: keeps the event source mappings, the operators and Zapier's circuit breaker in step. */
export const handler = scheduled(() =>
  keepBreaker({
    store: new BreakerStore(dynamoDb, env.TABLE_NAME, 'zapier'),
    policy: env.BREAKER_POLICY,
    pauses: new PauseStore(dynamoDb, env.TABLE_NAME),
    mappings: new ChannelMappings(lambdaClient(), env.MAPPING_IDS),
    operators: new Operators(snsClient(), env.ALARM_TOPIC_ARN),
    waiting: () => messagesIn(sqs, env.OWN_QUEUE_URLS),
    delivery: {
      ...worker,
      channel: perSecret(secret, ({ jira_hook_url, finance_hook_url }) =>
        createZapierChannel({ jiraHookUrl: jira_hook_url, financeHookUrl: finance_hook_url }),
      ),
    },
    now: worker.now,
  }),
);
