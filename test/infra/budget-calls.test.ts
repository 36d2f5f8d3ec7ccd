import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { acceptingAnswers, type AwsStub, startAwsStub } from '../../bin/bench/aws-stub.ts';
import { environmentsOf } from '../../bin/bench/environments.ts';
import { apiEvent, incidentEvent, TOKEN } from '../../bin/bench/events.ts';

/** What DynamoDB answers where the event is known already. */
const KNOWN = {
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    message: 'Transaction cancelled [ConditionalCheckFailed, None, None]',
    CancellationReasons: [
      { Code: 'ConditionalCheckFailed', Item: { correlation_id: { S: 'first' }, payload_hash: { S: 'x' } } },
      { Code: 'None' },
      { Code: 'None' },
    ],
  },
};

let aws: AwsStub;
let duplicate = false;
let handler: (event: unknown, context: unknown) => Promise<{ statusCode: number }>;

beforeAll(async () => {
  const accepting = acceptingAnswers({ bench: TOKEN });
  aws = await startAwsStub((operation) =>
    duplicate && operation.endsWith('.TransactWriteItems') ? KNOWN : accepting(operation),
  );
  const environment = {
    ...environmentsOf().get('ingest-incident'),
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ({ handler } = (await import('../../lambdas/handlers/ingest-incident.ts')) as never);
  // The first request fetches the senders' tokens; no later one does.
  await accept('warm-up');
  expect(aws.calls.get('secretsmanager.GetSecretValue')).toBe(1);
});
beforeEach(() => {
  aws.calls.clear();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const accept = (id: string) => handler(apiEvent(incidentEvent(id)), { functionName: 'ingest-incident' });

describe('ingest-incident', () => {
  it('makes two AWS calls for an accepted incident', async () => {
    expect(await accept('new')).toMatchObject({ statusCode: 202 });
    expect(Object.fromEntries(aws.calls)).toEqual({
      'DynamoDB_20120810.TransactWriteItems': 1,
      'AWSStepFunctions.StartExecution': 1,
    });
  });

  it('makes one for a duplicate', async () => {
    duplicate = true;
    expect(await accept('again')).toMatchObject({ statusCode: 200 });
    expect(Object.fromEntries(aws.calls)).toEqual({ 'DynamoDB_20120810.TransactWriteItems': 1 });
  });
});
