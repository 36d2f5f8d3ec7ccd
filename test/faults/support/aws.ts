import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { engineCredentials, type EngineAddress } from '../../../bin/local/environment.ts';

/** The tests' own clients, past every fault. */
export interface Aws {
  readonly dynamoDb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly sfn: SFNClient;
  readonly secrets: SecretsManagerClient;
  destroy(): void;
}

export function awsOf(engine: EngineAddress): Aws {
  const config = {
    endpoint: engine.endpoint,
    region: engine.region,
    credentials: engineCredentials(engine.account),
  };
  const clients = {
    dynamoDb: new DynamoDBClient(config),
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    sfn: new SFNClient(config),
    secrets: new SecretsManagerClient(config),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
