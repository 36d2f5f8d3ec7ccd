import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Front, openFront } from '../../../bin/local/front.ts';
import { isRecord } from '../../../bin/local/http.ts';

/** What a stand-in for the deployed API received. */
export interface ApiCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A front on a free port, before a stand-in for the engine and the deployed API that answers as it is told. */
export async function openFixture(
  answer: (call: ApiCall) => { status: number; body: string } = () => ({ status: 200, body: '{"ok":true}' }),
) {
  const calls: ApiCall[] = [];
  const api = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks) };
      calls.push(call);
      const { status, body } = answer(call);
      response.writeHead(status, { 'content-type': 'application/json', 'x-from': 'api' }).end(body);
    });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const { port } = api.address() as AddressInfo;
  const front: Front = await openFront({ port: 0, run: () => ({ api_token: 'token' }) });
  front.deployed({ endpoint: `http://127.0.0.1:${port}`, apiId: 'abc' });
  front.ready();
  return {
    front,
    calls,
    /** Sends JSON to the front. */
    async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(front.url + path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: toJson(text) };
    },
    async close() {
      await front.close();
      api.closeAllConnections();
      await new Promise((resolve) => api.close(resolve));
    },
  };
}
export type Fixture = Awaited<ReturnType<typeof openFixture>>;

const toJson = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : { list: value };
  } catch {
    return {};
  }
};

export const CORRELATION_ID = '01a20931-67d1-74d1-8bde-81e433dd5296';
