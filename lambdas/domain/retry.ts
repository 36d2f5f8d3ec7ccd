import { z } from './schema.ts';

/** How often and how patiently one channel is tried. Times in seconds. */
export const RetryPolicySchema = z
  .strictObject({
    tries: z.int().check(z.minimum(1), z.maximum(900)),
    base_seconds: z.number().check(z.nonnegative()),
    cap_seconds: z.number().check(z.nonnegative(), z.maximum(43_200)),
  })
  .check(z.refine((p) => p.cap_seconds >= p.base_seconds, { error: 'cap_seconds is below base_seconds' }));
export type RetryPolicy = z.output<typeof RetryPolicySchema>;

/** SQS refuses a visibility timeout above 12 hours, counted from the receive. */
const MAX_VISIBILITY_SECONDS = 43_000;

/**
 * Whole seconds to wait before the next attempt: what the provider asked for, never less; otherwise exponential
 * backoff with equal jitter (half fixed, half random), which spreads a herd and never comes back at once.
 *
 * @param attempt the attempt that just failed, from 1
 * @param random a number in [0, 1)
 */
export function retryDelaySeconds(
  policy: RetryPolicy,
  attempt: number,
  random: number,
  retryAfterSeconds?: number,
): number {
  if (retryAfterSeconds !== undefined) {
    return Math.min(MAX_VISIBILITY_SECONDS, Math.ceil(Math.max(0, retryAfterSeconds)));
  }
  const ceiling = Math.min(policy.cap_seconds, policy.base_seconds * 2 ** Math.min(attempt - 1, 30));
  return Math.ceil(ceiling / 2 + (ceiling / 2) * random);
}
