import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Script } from 'node:vm';

/** A deployed handler. */
export type Handler = (event: unknown, context: object) => Promise<unknown>;

export interface ColdStartOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Sent along with every call, so that it can be told which instance made it. */
  readonly instance: string;
  /** Called with every line the instance writes to its log. */
  readonly log?: (line: string) => void;
  /** Timeouts of seconds become tenths, for an instance that is going to wait for one. */
  readonly hasty?: boolean;
}

const NAMES = ['exports', 'require', 'module', 'process', 'console', 'fetch', 'setTimeout', 'AbortSignal'];
const scripts = new Map<string, Script>();

function scriptOf(file: string): Script {
  const known = scripts.get(file);
  if (known !== undefined) return known;
  const wrapped = `(function (${NAMES.join(', ')}) {${readFileSync(file, 'utf8')}\n})`;
  const script = new Script(wrapped, { filename: file });
  scripts.set(file, script);
  return script;
}

/** The header that says which instance calls a provider; AWS calls say it in their user agent. */
export const INSTANCE_HEADER = 'x-test-instance';

/**
 * Starts a handler as Lambda does: its module state is new, its environment its own. What was there before goes on
 * existing as little as a killed process would.
 */
export function coldStart(bundle: string, options: ColdStartOptions): Handler {
  const { instance, hasty = false, log = () => undefined } = options;
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString('utf8').split('\n')) if (line !== '') log(line);
      done();
    },
  });
  const env = { ...options.env, AWS_SDK_UA_APP_ID: `${instance}!`, TZ: 'UTC' };
  const own = Object.create(process, {
    env: { value: env },
    stdout: { value: out },
    stderr: { value: out },
  }) as object;
  // The pauses between the SDK's own attempts prove nothing by being long.
  const shortened = (ms = 0): number => (ms < 1_000 || hasty ? ms / 10 : ms);
  const timeout = (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    setTimeout(run, shortened(ms), ...args);
  class Signal extends AbortSignal {
    static override timeout(ms: number): AbortSignal {
      return AbortSignal.timeout(Math.ceil(shortened(ms)));
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof AbortSignal;
    }
  }
  const require = createRequire(bundle);
  const load = (name: string): unknown => {
    if (/^(?:node:)?process$/.test(name)) return own;
    if (/^(?:node:)?timers\/promises$/.test(name))
      return { setTimeout: (ms?: number, value?: unknown) => delay(shortened(ms), value) };
    return require(name);
  };
  const tagged: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set(INSTANCE_HEADER, instance);
    return fetch(input, { ...init, headers });
  };
  const module = { exports: {} as { handler?: Handler } };
  const run = scriptOf(bundle).runInThisContext() as (...args: unknown[]) => void;
  run(module.exports, load, module, own, new Console(out, out), tagged, timeout, Signal);
  if (module.exports.handler === undefined) throw new Error(`${bundle} exports no handler`);
  return module.exports.handler;
}
