import { AsyncLocalStorage } from 'node:async_hooks';

/** What a piece of asynchronous work and all that it starts know, by name. */
type Context = Record<string, unknown>;

/**
 * Stands in for `cls-hooked` inside our bundles: the X-Ray SDK keeps the running segment in it. The same few calls, on
 * Node's own AsyncLocalStorage; the original watches every promise of the process from its first use on.
 */
class Namespace {
  readonly #storage = new AsyncLocalStorage<Context>();
  /** Of all work that runs in no context of its own: on Lambda, the function's segment. */
  #root: Context = {};

  get(key: string): unknown {
    return this.#current()[key];
  }

  set<T>(key: string, value: T): T {
    this.#current()[key] = value;
    return value;
  }

  createContext(): Context {
    return Object.create(this.#current()) as Context;
  }

  /** Makes a context that of the whole process. */
  enter(context: Context): void {
    this.#root = context;
  }

  /** Runs `work` in a context of its own, which starts as a copy of the current one. */
  run(work: (context: Context) => unknown): Context {
    const context = this.createContext();
    this.#storage.run(context, work, context);
    return context;
  }

  /** `work` as it will run in today's context, whenever it is called. */
  bind<A extends unknown[], R>(
    work: (...args: A) => R,
    context: Context = this.#current(),
  ): (...args: A) => R {
    return (...args) => this.#storage.run(context, work, ...args);
  }

  #current(): Context {
    return this.#storage.getStore() ?? this.#root;
  }
}

const namespaces = new Map<string, Namespace>();

export const getNamespace = (name: string): Namespace | undefined => namespaces.get(name);

export function createNamespace(name: string): Namespace {
  const made = new Namespace();
  namespaces.set(name, made);
  return made;
}

export const destroyNamespace = (name: string): boolean => namespaces.delete(name);
