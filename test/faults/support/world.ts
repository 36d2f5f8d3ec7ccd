import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { createProviders, type Providers } from '../../../bin/local/simulators/providers.ts';
import type { ApiAnswer } from '../../../bin/local/simulators/simulator.ts';
import { type Aws, awsOf } from './aws.ts';
import { CallProxy, Invocation } from './call-proxy.ts';
import { clock } from './clock.ts';
import { coldStart, type Handler } from './cold-start.ts';
import { engineCalls, type EngineCall } from './engine-calls.ts';
import type { Fault } from './faults.ts';
import { apiEvent, apiAnswer } from './http-events.ts';
import { Permissions } from './permissions.ts';
import { PROVIDERS_PLACEHOLDER } from './placeholder.ts';
import { makeStage, type Stage } from './stage.ts';

/** How a run of a handler ended. */
export type Ended =
  | { readonly how: 'answered'; readonly value: unknown }
  | { readonly how: 'failed'; readonly error: unknown }
  | { readonly how: 'gone' };

/** The run of a handler that a test is about. */
export interface Aim {
  readonly handler: string;
  readonly fault?: { readonly call: string; readonly kind: Fault };
}

export interface WorldOptions {
  /** In place of the handlers as they are deployed. */
  readonly bundles?: string;
  readonly windowSeconds?: number;
  /** Receives before a message goes to its dead-letter queue; the stack's own when absent. */
  readonly maxReceiveCount?: number;
  /** Laid over what the stack sets for each function. */
  readonly env?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
  /** In place of what a run of its own would have. */
  readonly secrets?: Readonly<Record<string, object>>;
  /** Handlers give up on hanging calls in tenths of their time. */
  readonly hasty?: boolean;
}

/**
 * What a function's second is for a hasty handler. Its clients' timeouts become tenths, but what it computes takes as long
 * as ever, beside other lanes: twice that.
 */
const HASTY_LIMIT_MS = 200;
/** Sends this often until it is answered; a sender, a provider or a person would not do it more. */
const SENDER_TRIES = 6;
let worlds = 0;

/**
 * The stack on the local engine, with the test as the platform: handlers run in this process, started cold and
 * abandoned at will, and every call they make goes through a proxy that can let it fail.
 */
export class World {
  readonly aws: Aws;
  /** Past every fault, as `aws`, but light. */
  readonly call: EngineCall;
  readonly #closeCalls: () => void;
  readonly stage: Stage;
  /** Of the functions: what a role does not allow is refused, and noted among the proxy's errors. */
  readonly permissions: Permissions;
  readonly proxy: CallProxy;
  readonly providers: Providers;
  readonly senderToken: string;
  #env: Readonly<Record<string, string>>;
  readonly #aims = new Map<string, { readonly aim: Aim; readonly counts: boolean }>();
  /** The run that was aimed at. */
  aimed: Invocation | undefined;
  readonly #options: WorldOptions;
  readonly #warm = new Map<string, { instance: string; run: Handler }>();
  readonly #routes: ReadonlyMap<string, string>;
  readonly #timeouts: ReadonlyMap<string, number>;
  #starts = 0;

  private constructor(parts: {
    aws: Aws;
    stage: Stage;
    proxy: CallProxy;
    providers: Providers;
    senderToken: string;
    options: WorldOptions;
  }) {
    this.aws = parts.aws;
    this.stage = parts.stage;
    this.proxy = parts.proxy;
    this.providers = parts.providers;
    this.senderToken = parts.senderToken;
    this.#options = parts.options;
    this.#env = parts.options.env ?? {};
    this.#routes = parts.stage.template.routes();
    this.#timeouts = parts.stage.template.timeouts();
    this.permissions = new Permissions(parts.stage.template, parts.stage.physical, parts.stage);
    parts.proxy.refuses = (instance, target, body) =>
      this.permissions.missing(instance.replace(/-\d+$/, ''), target, body);
    const { endpoint, account } = inject('engine');
    ({ call: this.call, close: this.#closeCalls } = engineCalls(endpoint, account));
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const engine = inject('engine');
    const aws = awsOf(engine);
    const proxy = await CallProxy.start(engine.endpoint);
    worlds += 1;
    const name = `w${process.pid}-${worlds}-${randomBytes(2).toString('hex')}`;
    const senderToken = `sender-${randomBytes(12).toString('hex')}`;
    const toWorld: { world?: World } = {};
    const providers = createProviders(`${proxy.url}/providers`, (path, headers, body) => {
      if (toWorld.world === undefined) throw new Error('Not open yet');
      return toWorld.world.request('POST', path, headers, body);
    });
    proxy.serve(providers);
    const stage = await makeStage({
      ...{ aws, name, engine, templateFile: inject('templateFile') },
      queueOrigin: proxy.url,
      secrets: { senders: { tests: senderToken }, ...providers.secrets, ...options.secrets },
      ...(options.windowSeconds === undefined ? {} : { windowSeconds: options.windowSeconds }),
      ...(options.maxReceiveCount === undefined ? {} : { maxReceiveCount: options.maxReceiveCount }),
    });
    toWorld.world = new World({ aws, stage, proxy, providers, senderToken, options });
    return toWorld.world;
  }

  async close(): Promise<void> {
    await this.proxy.close();
    this.aws.destroy();
    this.#closeCalls();
  }

  /** The next run of that handler starts cold, is recorded, and may meet a fault. */
  aim(aim: Aim): void {
    this.#aims.set(aim.handler, { aim, counts: true });
    this.aimed = undefined;
  }

  /** The next run of that handler meets a fault, beside the one a test is about. */
  spoil(handler: string, call: string, kind: Fault): void {
    this.#aims.set(handler, { aim: { handler, fault: { call, kind } }, counts: false });
  }

  /** Changes the environment of the functions; those that run with another are started anew. */
  setEnv(name: string, value: string): void {
    if (this.#env[name] === value) return;
    this.#env = { ...this.#env, [name]: value };
    for (const [handler, variables] of this.stage.environments) {
      if (name in variables) this.#warm.delete(handler);
    }
  }

  async invoke(handler: string, event: unknown): Promise<Ended> {
    const planned = this.#aims.get(handler);
    this.#aims.delete(handler);
    const aimed = planned?.aim;
    const warm = aimed === undefined ? this.#warm.get(handler) : undefined;
    const instance = warm?.instance ?? `${handler}-${(this.#starts += 1)}`;
    const invocation = new Invocation(instance, aimed?.fault);
    if (planned?.counts === true) this.aimed = invocation;
    this.proxy.begin(invocation);
    const hasty = this.#options.hasty === true || aimed?.fault?.kind === 'timed out';
    const run = warm?.run ?? this.#start(handler, instance, hasty);
    if (aimed === undefined) this.#warm.set(handler, { instance, run });
    const limit = setTimeout(
      () => {
        invocation.overran = true;
        this.#warm.delete(handler);
        this.proxy.kill(invocation);
      },
      (this.#timeouts.get(handler) ?? 0) * (hasty ? HASTY_LIMIT_MS : 1_000),
    );
    const ended = run(structuredClone(event), CONTEXT).then(
      (value): Ended => ({ how: 'answered', value }),
      (error: unknown): Ended => ({ how: 'failed', error }),
    );
    return Promise.race([ended, invocation.gone.then((): Ended => ({ how: 'gone' }))]).finally(() => {
      clearTimeout(limit);
    });
  }

  /** A handler to be run very often: warm, and without a fault to meet. */
  warm(handler: string): (event: unknown) => Promise<unknown> {
    const instance = `${handler}-${(this.#starts += 1)}`;
    this.proxy.begin(new Invocation(instance));
    const run = this.#start(handler, instance, this.#options.hasty === true);
    return (event) => run(event, CONTEXT);
  }

  #start(handler: string, instance: string, hasty: boolean): Handler {
    const { bundles = inject('bundles'), log } = this.#options;
    const { region, account } = inject('engine');
    const own = this.stage.environments.get(handler);
    if (own === undefined) throw new Error(`The stack has no function ${handler}`);
    const here = Object.entries({ ...own, ...pick(this.#env, own) }).map(([name, value]) => [
      name,
      value.replaceAll(PROVIDERS_PLACEHOLDER, `${this.proxy.url}/providers`),
    ]);
    return coldStart(join(bundles, handler, 'index.js'), {
      instance,
      hasty,
      ...(log === undefined ? {} : { log }),
      env: {
        ...(Object.fromEntries(here) as Record<string, string>),
        AWS_ENDPOINT_URL: this.proxy.url,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: account,
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_LAMBDA_FUNCTION_NAME: handler,
      },
    });
  }

  /** A request to the API, sent again until it is answered with something other than a failure. */
  async request(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<ApiAnswer> {
    const { event, routeKey } = apiEvent([...this.#routes.keys()], method, path, headers, body);
    const handler = this.#routes.get(routeKey) ?? '';
    const failures: string[] = [];
    for (let attempt = 1; attempt <= SENDER_TRIES; attempt += 1) {
      const ended = await this.invoke(handler, event);
      if (ended.how === 'answered') {
        const answer = apiAnswer(ended.value);
        if (answer.status < 500) return answer;
        failures.push(`${answer.status} ${answer.body}`);
      } else failures.push(ended.how === 'failed' ? String(ended.error) : 'gone');
      clock.advance(1);
    }
    throw new Error(`${method} ${path} was never taken: ${failures.join('; ')}`);
  }

  /** A request with the sender's token. */
  async send(method: string, path: string, json?: object): Promise<{ status: number; body: unknown }> {
    const headers = { authorization: `Bearer ${this.senderToken}`, 'content-type': 'application/json' };
    const answer = await this.request(method, path, headers, json && JSON.stringify(json));
    return { status: answer.status, body: JSON.parse(answer.body) as unknown };
  }
}

/** The members of `values` that `like` has as well. */
const pick = (values: Readonly<Record<string, string>>, like: object) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name in like));

const CONTEXT = {
  functionName: 'function',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:function',
  memoryLimitInMB: '512',
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  logGroupName: '/aws/lambda/function',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 10_000,
};

export const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
