import type { DeliveryName } from './channel.ts';
import { z } from './schema.ts';

/** The window is counted in that many buckets: what falls out of it does so by a sixth, not all at once. */
const BUCKETS = 6;

/** When a provider counts as down, and how patiently it is asked again. Times in seconds. */
export const BreakerPolicySchema = z
  .strictObject({
    /** A call counts for this long. */
    window_seconds: z.int().check(z.minimum(BUCKETS), z.maximum(3_600)),
    /** Fewer calls than this within the window prove nothing. */
    minimum_calls: z.int().check(z.minimum(1), z.maximum(10_000)),
    /** The breaker opens when at least this share of the calls failed. */
    failure_rate: z.number().check(z.positive(), z.maximum(1)),
    /** How long it stays open before the first probe; each failed probe doubles it. */
    open_seconds: z.int().check(z.minimum(1)),
    /** Where the doubling ends; at most as long as SQS can hide a message (12 h). */
    cap_seconds: z.int().check(z.maximum(43_000)),
  })
  .check(z.refine((p) => p.cap_seconds >= p.open_seconds, { error: 'cap_seconds is below open_seconds' }));
export type BreakerPolicy = z.output<typeof BreakerPolicySchema>;

/** One delivery that is known to be waiting: the keeper tries the provider with it. */
export interface Probe {
  readonly correlation_id: string;
  readonly delivery: DeliveryName;
}

/** From the first opening to the closing; a failed probe does not end it. */
export interface Outage {
  /** ISO 8601, UTC. */
  readonly opened_at: string;
  /** The failure that opened it, in the channel's words. */
  readonly why: string;
  readonly calls: number;
  readonly failures: number;
  /** How often it opened: once, and again with each failed probe. */
  readonly openings: number;
  readonly probe: Probe;
  /** Acceptance of the oldest incident that is known to wait, ISO 8601. */
  readonly waiting_since: string;
  /** Messages that waited when it closed, about: SQS counts no closer. */
  readonly waited?: number;
}

/**
 * A provider's circuit breaker.
 *
 * - `closed`: calls are made, and counted;
 * - `open`: none until `until`;
 * - `half_open`: the keeper makes the one probe, and has until `until` for it.
 */
export interface Breaker {
  readonly status: 'closed' | 'open' | 'half_open';
  /** Grows with each change, which is made only to the version that was read: one of several wins. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly changed_at: string;
  readonly until?: string;
  /** The present outage, or the last one. */
  readonly outage?: Outage;
  /** What of the outage the operators were told last. */
  readonly told?: 'opened' | 'closed';
}

/** A breaker that never opened. */
export const UNTOUCHED: Breaker = { status: 'closed', version: 0, changed_at: new Date(0).toISOString() };

/** Calls of a provider and how many of them failed, over the window. */
export interface CallCounts {
  readonly calls: number;
  readonly failures: number;
}

/** Whether so many failures say that the provider is down. */
export const trips = ({ calls, failures }: CallCounts, policy: BreakerPolicy): boolean =>
  calls >= policy.minimum_calls && failures / calls >= policy.failure_rate;

/** Epoch seconds at which the bucket begins that a call of `at` is counted in. */
export function bucketOf(at: Date, policy: BreakerPolicy): number {
  const length = Math.floor(policy.window_seconds / BUCKETS);
  return Math.floor(at.getTime() / 1_000 / length) * length;
}

/** Opens a closed breaker. */
export function opened(
  before: Breaker,
  outage: Omit<Outage, 'openings'>,
  policy: BreakerPolicy,
  now: Date,
): Breaker {
  return {
    ...{ status: 'open', version: before.version + 1, changed_at: now.toISOString() },
    ...{ until: later(now, policy.open_seconds), outage: { ...outage, openings: 1 } },
  };
}

/** A probe takes a call of 4 s and a few writes; whoever needs longer is dead. */
const PROBE_SECONDS = 30;

/** Whether it is time to try the provider: the open time is over, or the one who tried has died. */
export const probeIsDue = ({ status, until = '' }: Breaker, now: Date): boolean =>
  status !== 'closed' && Date.parse(until) <= now.getTime();

/** Takes the one probe on. */
export const halfOpened = (before: Breaker, now: Date): Breaker =>
  next(before, now, { status: 'half_open', until: later(now, PROBE_SECONDS) });

/** After a failed probe: open again, for twice as long. */
export function reopened(before: Breaker, outage: Outage, policy: BreakerPolicy, now: Date): Breaker {
  const openings = outage.openings + 1;
  // 2^16 × 1 s is beyond every cap.
  const seconds = Math.min(policy.cap_seconds, policy.open_seconds * 2 ** Math.min(openings - 1, 16));
  return next(before, now, { status: 'open', until: later(now, seconds), outage: { ...outage, openings } });
}

/** After a probe that got through. The outage stays, to be told of. */
export function closed(before: Breaker, outage: Outage, waited: number, now: Date): Breaker {
  const { status, version, changed_at } = next(before, now, { status: 'closed' });
  return { status, version, changed_at, outage: { ...outage, waited }, told: before.told ?? 'opened' };
}

/** What the operators have not been told yet. */
export function untold({ status, outage, told }: Breaker): 'opened' | 'closed' | undefined {
  if (outage === undefined) return undefined;
  if (status === 'closed') return told === 'closed' ? undefined : 'closed';
  return told === undefined ? 'opened' : undefined;
}

/** Notes what they were told; `changed_at` stays that of the status. */
export const toldOf = (before: Breaker, told: 'opened' | 'closed'): Breaker => ({
  ...before,
  version: before.version + 1,
  told,
});

const next = (before: Breaker, now: Date, change: Partial<Breaker>): Breaker => ({
  ...before,
  ...change,
  version: before.version + 1,
  changed_at: now.toISOString(),
});

const later = (now: Date, seconds: number): string => new Date(now.getTime() + seconds * 1_000).toISOString();
