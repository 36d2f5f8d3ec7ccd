import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { wireBody } from '../../../bin/local/http.ts';
import type { Providers } from '../../../bin/local/simulators/providers.ts';
import { awsCallName, providerCallName } from './call-name.ts';
import { INSTANCE_HEADER } from './cold-start.ts';
import { type Fault, isProviderCall, providerOf, throttlingAnswer, type WireAnswer } from './faults.ts';

/** One run of a handler, as its calls show it. */
export class Invocation {
  /** Names of the calls made outward, in the order in which they came; a repeated name gets a number. */
  readonly calls: string[] = [];
  readonly gone: Promise<void>;
  readonly instance: string;
  readonly fault: { readonly call: string; readonly kind: Fault } | undefined;
  /** Whether the fault's call was made at all. */
  met = false;
  /** Whether it was ended by its function's time limit. */
  overran = false;
  #byId = new Map<string, string>();
  #times = new Map<string, number>();
  #die: () => void = () => undefined;

  constructor(instance: string, fault?: { readonly call: string; readonly kind: Fault }) {
    this.instance = instance;
    this.fault = fault;
    this.gone = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  die(): void {
    this.#die();
  }

  /** @param id the same for all attempts that the client makes of one call */
  nameOf(exactly: string, id: string | undefined): { call: string; attempt: number } {
    // There are two Zaps, and either may be the first.
    const name = exactly.replace(/\bzapier[ -](?:jira|finance)$/, 'zapier hook');
    const known = id === undefined ? undefined : this.#byId.get(id);
    const times = (this.#times.get(name) ?? 0) + 1;
    const call = known ?? (times === 1 ? name : `${name} (${times})`);
    if (known === undefined) {
      this.#times.set(name, times);
      this.calls.push(call);
      if (id !== undefined) this.#byId.set(id, call);
    }
    const attempt = (this.#attempts.get(call) ?? 0) + 1;
    this.#attempts.set(call, attempt);
    return { call, attempt };
  }
  readonly #attempts = new Map<string, number>();
}

/** What comes back from a provider instead of its answer, after or without doing what was asked. */
export interface InsteadOf {
  readonly answer: WireAnswer | 'hang' | 'reset';
  readonly done?: boolean;
}

/** Stands between the handlers and everything outside: names each call, and lets one of them go wrong. */
export class CallProxy {
  readonly #engine: URL;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #dead = new Set<string>();
  readonly #running = new Map<string, Invocation>();
  readonly #server = createServer((request, response) => {
    this.#take(request, response).catch((error: unknown) => {
      this.errors.push(error);
      request.socket.destroy();
    });
  });
  #providers: Providers | undefined;
  /** What of a call to AWS the instance's role does not allow; nothing is refused when absent. */
  refuses: ((instance: string, target: string, body: string) => string | undefined) | undefined;
  /** Calls that are being carried out, by instance. */
  readonly #underWay = new Map<string, Set<Promise<unknown>>>();
  /** What went wrong here that was no planned fault. */
  readonly errors: unknown[] = [];
  /** What workers asked SQS to wait, in seconds, by receipt handle. */
  readonly putOff = new Map<string, number>();
  /** What workers asked SQS to wait, in seconds, in order. */
  readonly waits: number[] = [];
  /** Changes what a provider answers, for tests about providers. */
  answerInstead: ((call: string) => InsteadOf | undefined) | undefined;
  /** Answers an AWS call in the engine's place. */
  awsInstead: ((call: string, body: string) => WireAnswer | undefined) | undefined;
  /** Calls of providers, in order. */
  readonly providerCalls: { readonly call: string; readonly body: string; readonly at: number }[] = [];

  private constructor(engine: string) {
    this.#engine = new URL(engine);
  }

  static async start(engine: string): Promise<CallProxy> {
    const proxy = new CallProxy(engine);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  serve(providers: Providers): void {
    this.#providers = providers;
  }

  /** From now on calls of that instance belong to this run. */
  begin(invocation: Invocation): void {
    this.#running.set(invocation.instance, invocation);
  }

  /** The process of that run is no more: what it still sends goes nowhere. */
  kill(invocation: Invocation): void {
    this.#dead.add(invocation.instance);
    // What it had sent before is done before anybody else comes: a timeout, or a redelivery, is seconds away.
    void Promise.allSettled([...(this.#underWay.get(invocation.instance) ?? [])]).then(() => {
      invocation.die();
    });
  }

  async #tracked<T>(instance: string, call: Promise<T>): Promise<T> {
    const calls = this.#underWay.get(instance) ?? new Set<Promise<unknown>>();
    this.#underWay.set(instance, calls);
    calls.add(call);
    try {
      return await call;
    } finally {
      calls.delete(call);
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { headers, url = '/', method = 'GET' } = request;
    const toProvider = url.startsWith('/providers/');
    const instance = toProvider
      ? String(headers[INSTANCE_HEADER])
      : (/\bapp\/([\w-]+)!/.exec(headers['user-agent'] ?? '')?.[1] ?? '');
    if (this.#dead.has(instance)) {
      request.socket.destroy();
      return;
    }
    const text = body.toString('utf8');
    const name = toProvider ? providerCallName(method, url, text) : awsCallName(headers, text);
    const invocation = this.#running.get(instance);
    if (invocation === undefined) throw new Error(`${name} by nobody`);
    const id = headers['amz-sdk-invocation-id'];
    const { call, attempt } = invocation.nameOf(name, typeof id === 'string' ? id : undefined);
    if (toProvider) this.providerCalls.push({ call: name, body: text, at: Date.now() });
    const carryOut = () =>
      this.#tracked(
        instance,
        toProvider
          ? Promise.resolve(this.#provide(request, body, name))
          : this.#forward(request, body, name, text),
      );
    const refusal = toProvider ? undefined : this.refuses?.(instance, String(headers['x-amz-target']), text);
    if (refusal !== undefined) {
      this.errors.push(new Error(refusal));
      send(response, ACCESS_DENIED);
      return;
    }
    if (invocation.fault?.call !== call) {
      send(response, await carryOut());
      return;
    }
    invocation.met = true;
    await this.#befall({
      kind: invocation.fault.kind,
      invocation,
      call,
      attempt,
      carryOut,
      request,
      response,
    });
  }

  async #befall(at: {
    kind: Fault;
    invocation: Invocation;
    call: string;
    attempt: number;
    carryOut: () => Promise<WireAnswer | 'hang' | 'reset'>;
    request: IncomingMessage;
    response: ServerResponse;
  }): Promise<void> {
    const { invocation, call, request, response } = at;
    switch (at.kind) {
      case 'refused before it':
        request.socket.destroy();
        return;
      case 'done, answer lost':
        await at.carryOut();
        request.socket.destroy();
        return;
      case 'done, answer lost once': {
        const answer = await at.carryOut();
        if (at.attempt === 1) request.socket.destroy();
        else send(response, answer);
        return;
      }
      case 'throttled':
        send(response, this.#throttle(call));
        return;
      case 'timed out':
        return;
      case 'process gone before it':
        request.socket.destroy();
        this.kill(invocation);
        return;
      case 'process gone after it':
        await at.carryOut();
        request.socket.destroy();
        this.kill(invocation);
    }
  }

  #throttle(call: string): WireAnswer {
    if (!isProviderCall(call)) return throttlingAnswer(call);
    const simulator = this.#simulator(providerOf(call));
    const { status, headers = {}, body } = simulator.failure(429);
    return { status, headers, body: String(wireBody(body)) };
  }

  #simulator(name: ReturnType<typeof providerOf>) {
    if (this.#providers === undefined) throw new Error('No providers here');
    return this.#providers[name];
  }

  #provide(request: IncomingMessage, body: Buffer, name: string): WireAnswer | 'hang' | 'reset' {
    const instead = this.answerInstead?.(name);
    if (instead !== undefined && instead.done !== true) return instead.answer;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://provider');
    const provider = providerOf(name);
    const answer = this.#simulator(provider).handle({
      method: request.method ?? 'GET',
      path: pathname.slice(`/providers/${provider}`.length),
      query: searchParams,
      headers: request.headers as Record<string, string>,
      body,
    });
    const text = String(wireBody(answer.body));
    const type = typeof answer.body === 'string' ? 'text/plain' : 'application/json';
    if (instead !== undefined) return instead.answer;
    return { status: answer.status, headers: { 'content-type': type, ...answer.headers }, body: text };
  }

  async #forward(request: IncomingMessage, body: Buffer, name: string, text: string): Promise<WireAnswer> {
    const instead = this.awsInstead?.(name, text);
    if (instead !== undefined) return instead;
    const headers = { ...request.headers };
    delete headers.host;
    delete headers.connection;
    const { hostname, port } = this.#engine;
    const answer = await new Promise<WireAnswer>((resolve, reject) => {
      const forward = httpRequest(
        { hostname, port, agent: this.#agent, method: request.method, path: request.url, headers },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on('data', (part: Buffer) => parts.push(part));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const all = Buffer.concat(parts).toString('utf8');
            const type = String(incoming.headers['content-type']);
            resolve({ status: incoming.statusCode ?? 0, headers: { 'content-type': type }, body: all });
          });
        },
      );
      forward.on('error', reject);
      forward.end(body);
    });
    if (name.startsWith('SQS ChangeMessageVisibility') && answer.status === 200) {
      const { ReceiptHandle, VisibilityTimeout } = JSON.parse(text) as Record<string, string | number>;
      this.putOff.set(String(ReceiptHandle), Number(VisibilityTimeout));
      this.waits.push(Number(VisibilityTimeout));
    }
    return answer;
  }
}

const ACCESS_DENIED: WireAnswer = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify({ __type: 'AccessDeniedException', message: 'The role does not allow it' }),
};

function send(response: ServerResponse, answer: WireAnswer | 'hang' | 'reset'): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (response.destroyed) return;
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}
