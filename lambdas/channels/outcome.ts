/** What a status says about trying again. */
export type Outcome = 'success' | 'retryable' | 'permanent';

/**
 * The meaning of an HTTP status, the same for every provider: 408, 429 and 5xx pass by themselves, the rest of 4xx
 * does not. A redirect is permanent: no provider's API answers with one, so the address is wrong.
 */
export function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'success';
  return status >= 500 || status === 408 || status === 429 ? 'retryable' : 'permanent';
}

/** Whether a status says that the request was not carried out: 4xx, but for a timeout (RFC 9110, section 15.5). */
export const isRefusal = (status: number): boolean => status >= 400 && status < 500 && status !== 408;

/**
 * Seconds to wait according to a `Retry-After` header: delay-seconds (Discord sends fractions) or an HTTP date
 * (RFC 9110, section 10.2.3). Undefined when there is none or it is neither.
 */
export function retryAfterSeconds(header: string | null | undefined, now: Date): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value);
  // A weekday first: Date.parse alone would read "-5" or "1, 2" as dates.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1_000);
}
