import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BreakerPolicySchema,
  bucketOf,
  closed,
  halfOpened,
  opened,
  probeIsDue,
  reopened,
  toldOf,
  trips,
  UNTOUCHED,
  untold,
  type Breaker,
  type Outage,
} from '../../lambdas/domain/breaker.ts';
import { DeliveryError } from '../../lambdas/domain/delivery.ts';
import { closedNotice, openedNotice } from '../../lambdas/runtime/breaker-notices.ts';
import { saysDown } from '../../lambdas/runtime/breaker.ts';

const POLICY = {
  window_seconds: 120,
  minimum_calls: 6,
  failure_rate: 0.5,
  open_seconds: 60,
  cap_seconds: 900,
};
const START = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number) => new Date(START.getTime() + seconds * 1_000);
const OUTAGE: Omit<Outage, 'openings'> = {
  opened_at: START.toISOString(),
  why: 'zapier zapier-jira: HTTP 503',
  calls: 6,
  failures: 5,
  probe: { correlation_id: '018f6b1e-0000-7000-8000-000000000000', delivery: 'zapier-jira' },
  waiting_since: after(-30).toISOString(),
};
const OPEN = opened(UNTOUCHED, OUTAGE, POLICY, START);
const outageOf = ({ outage }: Breaker): Outage => {
  if (outage === undefined) throw new Error('No outage');
  return outage;
};
const secondsOpen = ({ until = '', changed_at }: Breaker) =>
  (Date.parse(until) - Date.parse(changed_at)) / 1_000;

describe('a breaker', () => {
  it.each([
    [{ calls: 5, failures: 5 }, false],
    [{ calls: 6, failures: 3 }, true],
    [{ calls: 7, failures: 3 }, false],
    [{ calls: 6, failures: 6 }, true],
  ])('on %j opens: %s', (counts, expected) => {
    expect(trips(counts, POLICY)).toBe(expected);
  });

  it('is probed when its time is over, not before, and by another when the prober died', () => {
    expect(probeIsDue(UNTOUCHED, after(1_000_000))).toBe(false);
    expect(probeIsDue(OPEN, after(59))).toBe(false);
    expect(probeIsDue(OPEN, after(60))).toBe(true);
    const probing = halfOpened(OPEN, after(60));
    expect(probeIsDue(probing, after(89))).toBe(false);
    expect(probeIsDue(probing, after(90))).toBe(true);
  });

  it('stays open twice as long after each failed probe, up to the cap', () => {
    const times: number[] = [];
    for (let breaker = OPEN; times.length < 7;) {
      times.push(secondsOpen(breaker));
      breaker = reopened(halfOpened(breaker, START), outageOf(breaker), POLICY, START);
    }
    expect(times).toEqual([60, 120, 240, 480, 900, 900, 900]);
  });

  it('never stays open beyond the cap or below the first time, however long it goes on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 43_000 }),
        fc.nat(43_000),
        fc.nat(5_000),
        (first, more, openings) => {
          const policy = { ...POLICY, open_seconds: first, cap_seconds: Math.min(43_000, first + more) };
          const again = reopened(OPEN, { ...OUTAGE, openings }, policy, START);
          expect(secondsOpen(again)).toBeGreaterThanOrEqual(policy.open_seconds);
          expect(secondsOpen(again)).toBeLessThanOrEqual(policy.cap_seconds);
        },
      ),
    );
  });

  it('raises its version with every change, so that one of several wins', () => {
    const probing = halfOpened(OPEN, START);
    const end = closed(probing, outageOf(probing), 4, START);
    const versions = [UNTOUCHED, OPEN, toldOf(OPEN, 'opened'), probing, end].map(({ version }) => version);
    expect(versions).toEqual([0, 1, 2, 2, 3]);
  });

  it('is told of once when it opens and once when it closes', () => {
    expect(untold(UNTOUCHED)).toBeUndefined();
    expect(untold(OPEN)).toBe('opened');
    const told = toldOf(OPEN, 'opened');
    const again = reopened(halfOpened(told, START), outageOf(told), POLICY, START);
    expect(untold(again)).toBeUndefined();
    const end = closed(halfOpened(again, START), outageOf(again), 4, START);
    expect(untold(end)).toBe('closed');
    expect(untold(toldOf(end, 'closed'))).toBeUndefined();
    expect(untold(opened(end, OUTAGE, POLICY, after(999)))).toBe('opened');
  });

  it('counts in buckets of a sixth of the window', () => {
    expect(bucketOf(after(19), POLICY)).toBe(START.getTime() / 1_000);
    expect(bucketOf(after(20), POLICY)).toBe(START.getTime() / 1_000 + 20);
  });
});

describe('a policy', () => {
  it.each([
    ['the cap below the first time', { cap_seconds: 59 }],
    ['a rate of none', { failure_rate: 0 }],
    ['a rate above all', { failure_rate: 1.1 }],
    ['no calls', { minimum_calls: 0 }],
    ['longer than SQS can hide a message', { cap_seconds: 43_201 }],
    ['a window shorter than its buckets', { window_seconds: 5 }],
  ])('with %s is refused', (_, wrong) => {
    expect(BreakerPolicySchema.safeParse(POLICY).success).toBe(true);
    expect(BreakerPolicySchema.safeParse({ ...POLICY, ...wrong }).success).toBe(false);
  });
});

describe('a failed call', () => {
  it('says that the provider is down when it may pass, not when a payload is refused', () => {
    expect(saysDown(new DeliveryError('retryable', 'HTTP 503'))).toBe(true);
    expect(saysDown(new DeliveryError('retryable', 'HTTP 429', { retryAfterSeconds: 1 }))).toBe(true);
    expect(saysDown(new DeliveryError('permanent', 'HTTP 400'))).toBe(false);
  });
});

describe('what the operators are told', () => {
  const probing = halfOpened(OPEN, after(60));
  const end = closed(probing, outageOf(probing), 14, after(750));

  it('names the failure, what waits, and what goes on', () => {
    const { subject, lines } = openedNotice(outageOf(OPEN));
    expect([subject, ...lines].join('\n')).toMatchInlineSnapshot(`
      "Zapier is failing: its deliveries are paused
      5 of the last 6 calls of Zapier failed, the last one with: zapier zapier-jira: HTTP 503
      Since 2026-01-01T00:00:00.000Z none are made. Jira tickets and finance adjustments wait in their queues.
      Slack, Discord and PagerDuty go on as ever. Zapier is tried again by itself; you will be told when it is back.
      Runbook: docs/runbooks/automation.md#breaker-open"
    `);
  });

  it('sums the outage up', () => {
    const { subject, lines } = closedNotice(end, outageOf(end));
    expect([subject, ...lines].join('\n')).toMatchInlineSnapshot(`
      "Zapier is back after 12 min 30 s: 14 messages waited
      Zapier's deliveries were paused for 12 min 30 s, from 2026-01-01T00:00:00.000Z to 2026-01-01T00:12:30.000Z.
      Messages that waited: about 14. They are being delivered now.
      The oldest is of an incident accepted 2025-12-31T23:59:30.000Z: it waited 13 min.
      Probes until it answered: 1. The failure that opened the breaker: zapier zapier-jira: HTTP 503
      Runbook: docs/runbooks/automation.md#breaker-open"
    `);
  });
});
