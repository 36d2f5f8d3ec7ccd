import { z } from 'zod';

// Node refuses other header names and values when it writes them, which is too late for a clear answer.
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'Not an HTTP header name');
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, 'Only printable ASCII');

/** What a provider does wrong from now on. Without `status` or `hang` it only answers late. */
export const FaultSchema = z.strictObject({
  status: z.int().min(200).max(599).optional(),
  headers: z.record(headerName, headerValue).optional(),
  body: z.unknown().optional(),
  /** Waited before answering, in milliseconds. */
  delay_ms: z.int().min(0).max(600_000).optional(),
  /** Never answers; the connection stays open. */
  hang: z.boolean().optional(),
  /** How many requests it befalls; all of them without it. */
  times: z.int().min(1).optional(),
  /** Befalls only requests whose path contains this. */
  path: z.string().min(1).optional(),
  /** Does what was asked before failing, so that the outcome is unknown to the caller. */
  accept: z.boolean().optional(),
});
export type Fault = z.output<typeof FaultSchema>;

/** The one fault that is set for a provider. */
export class FaultBox {
  #fault: Fault | undefined;
  #left = 0;

  get current(): (Fault & { left: number | null }) | undefined {
    return this.#fault && { ...this.#fault, left: Number.isFinite(this.#left) ? this.#left : null };
  }

  set(fault: Fault): void {
    this.#fault = fault;
    this.#left = fault.times ?? Infinity;
  }

  clear(): void {
    this.#fault = undefined;
  }

  /** The fault that befalls a request of this path, counted off. */
  take(path: string): Fault | undefined {
    const fault = this.#fault;
    if (fault === undefined || !path.includes(fault.path ?? '')) return undefined;
    this.#left -= 1;
    if (this.#left <= 0) this.#fault = undefined;
    return fault;
  }
}
