import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Milliseconds after which to give up. */
  readonly within: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks until there is something to see.
 *
 * @returns what `look` first gave that was not undefined; undefined when it never did in time
 * @throws what `look` throws; the signal's reason when aborted
 */
export async function waitFor<T>(
  look: () => T | undefined | Promise<T | undefined>,
  { within, every = 50, signal }: WaitOptions,
): Promise<T | undefined> {
  const deadline = Date.now() + within;
  for (;;) {
    signal?.throwIfAborted();
    const seen = await look();
    if (seen !== undefined || Date.now() >= deadline) return seen;
    await delay(every, undefined, signal === undefined ? {} : { signal });
  }
}
