import { exchange, type HttpAnswer, type HttpCall } from '../../../lambdas/channels/http.ts';
import { messageOf } from '../cli/errors.ts';

/** One thing that was looked at of a secret. */
export interface Check {
  readonly ok: boolean;
  /** What was found, in words that hold no secret. */
  readonly found: string;
}

export const good = (found: string): Check => ({ ok: true, found });
export const bad = (found: string): Check => ({ ok: false, found });

/** A person waits for it, and the provider may be slow. */
const TIMEOUT_MS = 8_000;

/** Asks a provider something harmless. Its answer, or the check that failed because there was none. */
export async function ask(call: HttpCall, read: (answer: HttpAnswer) => Check): Promise<Check> {
  try {
    return read(await exchange(call, { timeoutMs: TIMEOUT_MS }));
  } catch (error) {
    return bad(messageOf(error));
  }
}

/** A shape that the provider itself could not be asked about. */
export const shape = (value: string, pattern: RegExp, name: string, what: string): Check =>
  pattern.test(value) ? good(`${name} has the shape of ${what}`) : bad(`${name} is not ${what}`);
