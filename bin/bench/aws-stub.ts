import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for AWS: answers every call at once, and counts them by operation. */
export interface AwsStub {
  readonly url: string;
  /** Calls since the last reset, as `DynamoDB_20120810.TransactWriteItems` → 1. */
  readonly calls: Map<string, number>;
  close(): Promise<void>;
}

/**
 * @param answer the body that an operation is answered with, and its status when that is not 200; `{}` by default
 */
export async function startAwsStub(
  answer: (operation: string) => { readonly status?: number; readonly body: object } | undefined,
): Promise<AwsStub> {
  const calls = new Map<string, number>();
  const server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']);
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    request.resume().once('end', () => {
      const { status = 200, body = {} } = answer(operation) ?? {};
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers under which an event is accepted. */
export function acceptingAnswers(senders: object) {
  return (operation: string) => {
    if (operation.endsWith('.GetSecretValue')) return { body: { SecretString: JSON.stringify(senders) } };
    if (operation.endsWith('.StartExecution')) {
      return { body: { executionArn: 'arn:aws:states:us-east-1:1:execution:a:b', startDate: 1_700_000_000 } };
    }
    return undefined;
  };
}
