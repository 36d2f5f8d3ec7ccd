import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Target } from './target.ts';

/** Clients of every AWS API that operators need. */
export interface Clients {
  readonly dynamoDb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly secrets: SecretsManagerClient;
  readonly stepFunctions: SFNClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  destroy(): void;
}

/** A person waits: longer than a worker does, not for minutes. */
const REQUEST_HANDLER = { connectionTimeout: 3_000, requestTimeout: 10_000 };

/** Clients that lead to the target, and for a local run to nothing else, whatever credentials there are. */
export function clientsFor({ run }: Target): Clients {
  const config = {
    requestHandler: REQUEST_HANDLER,
    ...(run === undefined
      ? {}
      : {
          endpoint: run.endpoint,
          region: run.region,
          credentials: { accessKeyId: run.account, secretAccessKey: 'local' },
        }),
  };
  const clients = {
    dynamoDb: new DynamoDBClient(config),
    lambda: new LambdaClient(config),
    secrets: new SecretsManagerClient(config),
    stepFunctions: new SFNClient(config),
    sns: new SNSClient(config),
    // The engine's queue URLs say localhost where its endpoint says 127.0.0.1, which the client warns of.
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
