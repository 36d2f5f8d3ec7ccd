import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a channel sent to a provider. */
export interface ReceivedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

/** A provider reduced to what it remembers: it takes requests and knows what people would have seen. */
export interface ProviderModel {
  handle(request: ReceivedRequest): Reply;
  /** Messages, pages or Zap runs that came of it all, repeats recognised by the provider's own means. */
  shown(): number;
}

/** What goes wrong with one request. */
export type Fault =
  /** The provider says this instead of doing it. */
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** Nothing is done, and nothing is said. */
  | { readonly kind: 'hang' | 'reset' }
  /** It is done, but the answer is lost: connection reset, silence, or broken off after the status. */
  | { readonly kind: 'lost'; readonly how: 'reset' | 'hang' | 'cut' }
  /** It is done and the status says so, but the body is this. */
  | { readonly kind: 'garbled'; readonly body: string };

/** A real HTTP server that plays a provider and misbehaves on request. */
export class ProviderServer {
  readonly requests: ReceivedRequest[] = [];
  readonly #server: Server;
  #model: ProviderModel;
  #faults: Fault[] = [];

  private constructor(model: ProviderModel) {
    this.#model = model;
    this.#server = createServer((request, response) => {
      void this.#take(request, response);
    });
  }

  static async start(model: ProviderModel): Promise<ProviderServer> {
    const provider = new ProviderServer(model);
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Forgets everything and plays this provider from now on. */
  play(model: ProviderModel): void {
    this.#model = model;
    this.#faults = [];
    this.requests.length = 0;
  }

  /** The next requests fare like this, one each; what follows goes well. */
  next(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received: ReceivedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    this.requests.push(received);
    const fault = this.#faults.shift();
    switch (fault?.kind) {
      case 'reply':
        answer(response, fault.reply);
        return;
      case 'hang':
        return;
      case 'reset':
        request.socket.resetAndDestroy();
        return;
      case 'garbled':
        answer(response, { ...this.#model.handle(received), body: fault.body });
        return;
      case 'lost':
        this.#lose(request, response, fault.how, received);
        return;
      case undefined:
        answer(response, this.#model.handle(received));
    }
  }

  #lose(
    request: IncomingMessage,
    response: ServerResponse,
    how: 'reset' | 'hang' | 'cut',
    received: ReceivedRequest,
  ): void {
    const reply = this.#model.handle(received);
    if (how === 'reset') request.socket.resetAndDestroy();
    else if (how === 'cut') cutOff(response, reply);
  }
}

function answer(response: ServerResponse, { status, headers, body = '' }: Reply): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

/** Status and half a body, then the connection is gone. */
function cutOff(response: ServerResponse, { status, headers, body }: Reply): void {
  const text = JSON.stringify(body ?? {});
  response.writeHead(status, { 'content-length': String(text.length), ...headers });
  response.write(text.slice(0, text.length / 2), () => setTimeout(() => response.destroy(), 20));
}
