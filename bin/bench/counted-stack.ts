import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  type FunctionConfiguration,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { engineCredentials } from '../local/environment.ts';
import type { LocalStack } from '../local/stack.ts';
import { textOf, workOf, type Work } from './calls.ts';
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts';

/** A local stack whose functions reach AWS through a proxy that counts. */
export class CountedStack {
  readonly stack: LocalStack;
  readonly dynamoDb: DynamoDBClient;
  readonly proxy: CountingProxy;

  private constructor(stack: LocalStack, proxy: CountingProxy) {
    this.stack = stack;
    this.proxy = proxy;
    this.dynamoDb = new DynamoDBClient(clientConfig(stack));
  }

  /** Leads all functions of a running stack through a proxy. */
  static async of(stack: LocalStack): Promise<CountedStack> {
    const proxy = await startCountingProxy(stack.engineEndpoint);
    const lambda = new LambdaClient(clientConfig(stack));
    // The engine names its queues by the machine's name, and SQS clients go where a queue's address leads.
    const address = new RegExp(
      `http://(?:localhost|127\\.0\\.0\\.1):${new URL(stack.engineEndpoint).port}`,
      'g',
    );
    for (const { FunctionName: name = '', Environment: environment } of await functionsOf(lambda)) {
      if (isByTheClock(name)) continue;
      const variables = Object.entries(environment?.Variables ?? {}).map(
        ([key, value]) => [key, value.replaceAll(address, proxy.url)] as const,
      );
      await lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: name,
          Environment: { Variables: { ...Object.fromEntries(variables), AWS_ENDPOINT_URL: proxy.url } },
        }),
      );
    }
    return new CountedStack(stack, proxy);
  }

  /** What the functions did since the proxy was last cleared, for that incident. */
  async work(correlationId: string, eventId: string): Promise<Work> {
    const sizes = new Map<string, number>();
    for (const pk of [`incident#${correlationId}`, `event#${eventId}`]) {
      const { Items: items = [] } = await this.dynamoDb.send(
        new QueryCommand({
          TableName: this.stack.outputs.TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
        }),
      );
      for (const item of items) sizes.set(keyOf(item), JSON.stringify(item).length);
    }
    return workOf(this.proxy.calls, (key) => sizes.get(keyOf(key)) ?? 0);
  }

  async close(): Promise<void> {
    this.dynamoDb.destroy();
    await this.proxy.close();
  }
}

const keyOf = (item: Readonly<Record<string, unknown>>): string =>
  `${textOf(item['pk'])} ${textOf(item['sk'])}`;

/** How the bench's own clients reach the engine. */
export const clientConfig = ({ engineEndpoint, region, account }: LocalStack) => ({
  endpoint: engineEndpoint,
  region,
  credentials: engineCredentials(account),
});

/** Whether a function runs every so often, incident or not: what it does is no incident's work. */
export const isByTheClock = (functionName: string): boolean =>
  /-(auditor|breaker-keeper|heartbeat)$/.test(functionName);

async function functionsOf(lambda: LambdaClient): Promise<FunctionConfiguration[]> {
  const functions: FunctionConfiguration[] = [];
  let marker: string | undefined;
  do {
    const page = await lambda.send(new ListFunctionsCommand({ Marker: marker }));
    functions.push(...(page.Functions ?? []));
    marker = page.NextMarker;
  } while (marker !== undefined);
  return functions;
}
