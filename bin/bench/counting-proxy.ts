import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsCall, AwsInput } from './calls.ts';

/** Stands between the functions and the engine: passes every call on, and keeps what it was. */
export interface CountingProxy {
  readonly url: string;
  /** Since the last `clear`. */
  readonly calls: readonly AwsCall[];
  clear(): void;
  close(): Promise<void>;
}

export async function startCountingProxy(engine: string): Promise<CountingProxy> {
  const calls: AwsCall[] = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    const pass = async () => {
      const body = await bytesOf(request);
      const outgoing = httpRequest(new URL(request.url ?? '/', engine), {
        agent,
        method: request.method,
        headers: request.headers,
      });
      outgoing.end(body);
      const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
      const answer = await bytesOf(incoming);
      const { statusCode: status = 502, headers } = incoming;
      const [service = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
      const input = JSON.parse(body.toString() || '{}') as AwsInput;
      calls.push({ service, operation, input, status, bytes: body.length + answer.length });
      response.writeHead(status, { ...headers, 'content-length': answer.length }).end(answer);
    };
    pass().catch(() => request.socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    clear: () => {
      calls.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
