import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hasCode, LocalRunError } from './errors.ts';
import { control } from './front/controls.ts';
import { Feed } from './front/feed.ts';
import { createForwarder } from './front/forward.ts';
import { pageFile } from './front/page.ts';
import { type Answer, BodyTooLarge, problem, readBody, send } from './http.ts';
import { createProviders, type Providers } from './simulators/providers.ts';
import { PROVIDERS, type ProviderName } from './simulators/simulator.ts';

// API Gateway's payload quota of an HTTP API.
const MAX_BODY = 10 * 1024 * 1024;
const API_ROUTES = /^\/(events|slack|discord|incidents|zapier|pagerduty)(\/|$)/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

export interface FrontOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** What the console page needs to know: JSON at `/console/run`. */
  readonly run: () => object;
}

/** The one address of a local run. */
export interface Front {
  readonly url: string;
  readonly port: number;
  readonly providers: Providers;
  /** From now on the API's own routes lead to it. */
  deployed(target: { readonly endpoint: string; readonly apiId: string }): void;
  /** From now on `/healthz` answers 200. */
  ready(): void;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1: console page, API routes, simulators and their controls.
 *
 * @throws LocalRunError when the port is taken or not allowed
 */
export async function openFront(options: FrontOptions): Promise<Front> {
  let target: { readonly endpoint: string; readonly apiId: string } | undefined;
  let isReady = false;
  const forwarder = createForwarder(() => target);
  const server = createServer();
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const providers = createProviders(`${url}/providers`, forwarder.callApi, (provider) => {
    feed.changed(provider);
  });
  const read = (topic: string): unknown =>
    topic === 'run' ? { ...options.run(), ready: isReady } : viewOf(providers, topic as ProviderName);
  const feed = new Feed(['run', ...PROVIDERS], read);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> => {
    const [path, search] = split(request.url ?? '/');
    const method = request.method ?? 'GET';
    const body = await readBody(request, MAX_BODY);
    if (API_ROUTES.test(path)) return forwarder.forward(request, body);
    if (path.startsWith('/providers/')) return provide(providers, { request, path, search, body });
    if (path === '/healthz') {
      return { status: isReady ? 200 : 503, body: { status: isReady ? 'ready' : 'starting' } };
    }
    const refused = foreign(request);
    if (refused !== undefined) return refused;
    if (path.startsWith('/sim/')) return control(providers, method, path, body);
    if (method !== 'GET' && method !== 'HEAD')
      return problem(404, 'Not found', `Nothing takes ${method} ${path}.`);
    if (path === '/console/run') return { status: 200, body: read('run') as object };
    if (path === '/console/feed') {
      feed.open(response);
      return undefined;
    }
    if (path === '/' || path.startsWith('/console/')) return pageFile(path);
    return problem(404, 'Not found', `Nothing at ${path}.`);
  };
  server.on('request', (request, response) => {
    answer(request, response).then(
      (result) => {
        if (result !== undefined) send(response, result);
      },
      (error: unknown) => {
        fail(request, response, error);
      },
    );
  });

  return {
    url,
    port,
    providers,
    deployed: (api) => {
      target = api;
      feed.changed('run');
    },
    ready: () => {
      isReady = true;
      feed.changed('run');
    },
    close: async () => {
      isReady = false;
      feed.close();
      forwarder.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A provider's own API, under `/providers/<provider>`. */
async function provide(
  providers: Providers,
  { request, path, search, body }: { request: IncomingMessage; path: string; search: string; body: Buffer },
): Promise<Answer | undefined> {
  const provider = PROVIDERS.find((name) => path.startsWith(`/providers/${name}/`));
  if (provider === undefined) return problem(404, 'Not found', `Providers are ${PROVIDERS.join(', ')}.`);
  return providers.desks[provider].serve({
    method: request.method ?? 'GET',
    path: path.slice(`/providers/${provider}`.length),
    query: new URLSearchParams(search),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : String(value),
      ]),
    ),
    body,
  });
}

const viewOf = (providers: Providers, provider: ProviderName): unknown => {
  const { simulator, faults } = providers.desks[provider];
  return { ...(simulator.view() as object), fault: faults.current ?? null };
};

const split = (url: string): [string, string] => {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
};

/** A page of another site must neither read the token nor press buttons; nor may one that renamed itself. */
function foreign({ headers }: IncomingMessage): Answer | undefined {
  const { host = '', origin } = headers;
  if (LOOPBACK.test(host) && (origin === undefined || origin === `http://${host}`)) return undefined;
  return problem(403, 'Forbidden', 'Only for this machine itself, by 127.0.0.1 or localhost.');
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (error instanceof BodyTooLarge) {
    response.shouldKeepAlive = false;
    const detail = `The body has more than ${MAX_BODY} bytes.`;
    send(response, problem(413, 'Content too large', detail));
    request.resume();
  } else if (!request.destroyed || !response.destroyed) {
    send(response, problem(500, 'Internal error', 'The local front failed; this is its fault, not yours.'));
  }
}

async function listen(server: Server, port: number): Promise<void> {
  // Not HTTP at all: say so and hang up, without a word in the log.
  server.on('clientError', (_error, socket) => {
    if (socket.writable)
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    else socket.destroy();
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE')) {
      throw new LocalRunError(
        `Port ${port} on 127.0.0.1 is in use by another program (another local run?).`,
        `Stop that program, or take another port: PORT=${port + 1} npm start`,
        { cause: error },
      );
    }
    if (hasCode(error, 'EACCES')) {
      throw new LocalRunError(
        `Port ${port} needs more rights than you have.`,
        'Take one above 1023: PORT=4010 npm start',
        { cause: error },
      );
    }
    throw error;
  }
}
