import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { type Answer, problem } from '../http.ts';
import type { ApiAnswer, CallApi } from '../simulators/simulator.ts';

// API Gateway gives an integration 30 s; the rest is for the engine's own answer to that.
const ANSWER_WITHIN_MS = 35_000;
// What speaks about one connection, and not about the message on it.
const HOP_BY_HOP =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host|content-length)$/i;

/** Passes requests on to the deployed API. */
export interface Forwarder {
  forward(request: IncomingMessage, body: Buffer): Promise<Answer>;
  readonly callApi: CallApi;
  close(): void;
}

/**
 * @param target the engine's address and the id of the deployed HTTP API; undefined while there is none
 */
export function createForwarder(
  target: () => { readonly endpoint: string; readonly apiId: string } | undefined,
): Forwarder {
  const agent = new Agent({ keepAlive: true });
  // Names the API in the path: `<id>.execute-api.localhost` does not resolve in Node.
  const urlOf = (path: string): URL => {
    const api = target();
    if (api === undefined) throw new NotDeployed('The API is not deployed yet');
    return new URL(`${api.endpoint}/_aws/execute-api/${api.apiId}/$default${path}`);
  };
  const exchange = (url: URL, method: string, headers: readonly string[], body: Buffer): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(url, {
        agent,
        method,
        headers: [...headers, 'Host', url.host, 'Content-Length', String(body.length)],
        timeout: ANSWER_WITHIN_MS,
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer within ${ANSWER_WITHIN_MS} ms`)));
      outgoing.on('error', reject);
      outgoing.on('response', (reply) => {
        readAll(reply).then((content) => {
          resolve({ status: reply.statusCode ?? 502, headers: headersOf(reply), body: content });
        }, reject);
      });
      outgoing.end(body);
    });

  return {
    forward: async (request, body) => {
      const headers: string[] = [];
      for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
        const [name = '', value = ''] = request.rawHeaders.slice(index, index + 2);
        if (!HOP_BY_HOP.test(name)) headers.push(name, value);
      }
      try {
        const reply = await exchange(urlOf(request.url ?? '/'), request.method ?? 'GET', headers, body);
        return { ...reply, verbatim: true };
      } catch (error) {
        if (error instanceof NotDeployed) return problem(503, 'Not ready', `${error.message}; see /healthz.`);
        return problem(502, 'Bad gateway', `The local engine gave no answer: ${String(error)}`);
      }
    },
    callApi: async (path, headers, body): Promise<ApiAnswer> => {
      const reply = await exchange(urlOf(path), 'POST', Object.entries(headers).flat(), Buffer.from(body));
      return { ...reply, body: reply.body.toString('utf8') };
    },
    close: () => {
      agent.destroy();
    },
  };
}

/** The API is asked before the stack is there. */
export class NotDeployed extends Error {}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

async function readAll(reply: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function headersOf(reply: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reply.headers)
      .filter(([name, value]) => value !== undefined && !HOP_BY_HOP.test(name))
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}
