import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

// AWS answers in tens of milliseconds. A call that takes longer than this is better tried again than waited
// for: API functions have 10 s, and Slack and Discord give up on an answer after 3 s.
const connection = {
  // By itself a requestTimeout is only warned of.
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  maxAttempts: 3,
};

/** Every client of this process: the tracer watches them once it is loaded. */
export const clients: object[] = [];

function made<C extends object>(client: C): C {
  clients.push(client);
  return client;
}

export const dynamoDbClient = () => made(new DynamoDBClient(connection));
export const sqsClient = () => made(new SQSClient(connection));
export const snsClient = () => made(new SNSClient(connection));
export const lambdaClient = () => made(new LambdaClient(connection));
export const secretsClient = () => made(new SecretsManagerClient(connection));
// One attempt: whoever starts an execution or answers a token has the stream or the queue behind it to try again.
export const stepFunctionsClient = () => made(new SFNClient({ ...connection, maxAttempts: 1 }));
