import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BreakerStore } from '../../lambdas/aws/breaker-store.ts';
import { PauseStore } from '../../lambdas/aws/pause-store.ts';
import { bucketOf, halfOpened, opened, UNTOUCHED, type Breaker } from '../../lambdas/domain/breaker.ts';
import { eventually } from '../e2e/support/orchestrator.ts';
import { Caretaking } from './support/caretaking.ts';

const ZAPS = ['zapier-jira', 'zapier-finance'];
const WINDOW_SECONDS = 3;
const POLICY = {
  ...{ window_seconds: 60, minimum_calls: 4, failure_rate: 0.5 },
  ...{ open_seconds: 1, cap_seconds: 2 },
};

let caretaking: Caretaking;
let breaker: BreakerStore;
beforeAll(async () => {
  caretaking = await Caretaking.start({
    ackTimeoutSeconds: WINDOW_SECONDS,
    overrides: {
      zapier_breaker: POLICY,
      // At once: what is looked at is when it stops being tried.
      retry: { zapier: { tries: 8, base_seconds: 0, cap_seconds: 0 } },
    },
  });
  breaker = new BreakerStore(caretaking.dynamoDb, caretaking.table, 'zapier');
});
afterAll(() => caretaking.orchestrator.stack.stop());

const calls = async () => {
  const { body } = await caretaking.orchestrator.sim('GET', 'zapier/requests');
  return (body as unknown as unknown[]).length;
};
/** Runs the keeper until the breaker is as it should be: each run that is too early changes nothing. */
const keepUntil = (what: string, right: (state: Breaker) => boolean) =>
  eventually(what, () => caretaking.call('breaker-keeper') as Promise<Breaker>, right);

describe('a failing Zapier', () => {
  const waiting: string[] = [];
  let callsBefore = 0;

  it('opens the breaker and is called no more', async () => {
    const { orchestrator } = caretaking;
    await orchestrator.sim('PUT', 'zapier/fault', { status: 503 });
    waiting.push(await orchestrator.raise());
    const state = await eventually(
      'open',
      () => breaker.get(),
      ({ status }) => status === 'open',
    );
    expect(state.outage).toMatchObject({ openings: 1, probe: { correlation_id: waiting[0] } });
    // Two in flight at the moment of opening at most.
    callsBefore = await calls();
    expect(callsBefore).toBeLessThanOrEqual(6);
  });

  it('is paused: its mappings are disabled, the operators told, once', async () => {
    await caretaking.call('breaker-keeper');
    expect(await caretaking.mappings('zapier')).toEqual(['Disabled', 'Disabled']);
    for (const other of ['slack', 'discord', 'pagerduty']) {
      expect(await caretaking.mappings(other)).toEqual(['Enabled', 'Enabled']);
    }
    await caretaking.call('breaker-keeper');
    const told = await caretaking.told();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^Zapier is failing[^]*HTTP 503/);
  });

  it('holds up nobody else: Slack, Discord and the page go out meanwhile', async () => {
    const { orchestrator } = caretaking;
    for (const severity of ['sev1', 'sev1', 'sev2']) waiting.push(await orchestrator.raise({ severity }));
    for (const id of waiting) await orchestrator.untilDelivered(id, 'slack', 'discord');
    await orchestrator.until(waiting[1] ?? '', 'paged', ({ status }) => status === 'paged');
  });

  it('is probed with one call at a time, and stays paused when that fails', async () => {
    const probes = async () => (await calls()) - callsBefore;
    const made = await probes();
    const before = (await breaker.get()).outage?.openings ?? 0;
    const { outage } = await keepUntil(
      'three failed probes',
      (state) => (state.outage?.openings ?? 0) >= before + 3,
    );
    expect((await probes()) - made).toBe((outage?.openings ?? 0) - before);
    expect(await caretaking.mappings('zapier')).toEqual(['Disabled', 'Disabled']);
    expect(await caretaking.told()).toHaveLength(1);
  });

  it('that answers again gets everything that waited, each once, and nothing is in a dead-letter queue', async () => {
    const { orchestrator } = caretaking;
    await orchestrator.sim('DELETE', 'zapier/fault');
    await keepUntil('closed', ({ status }) => status === 'closed');
    expect(await caretaking.mappings('zapier')).toEqual(['Enabled', 'Enabled']);
    for (const id of waiting) {
      await orchestrator.untilDelivered(id, ...ZAPS);
      const taken = (await orchestrator.received('zapier', id)).filter(({ status }) => status === 200);
      expect(taken).toHaveLength(2);
    }
    for (const queue of ['zapier-urgent', 'zapier-standard']) {
      await eventually(
        `${queue} empty`,
        () => caretaking.depth(queue),
        (depth) => depth === 0,
      );
      expect(await caretaking.depth(`${queue}-dlq`)).toBe(0);
    }
  });

  it('leaves one summary of what waited', async () => {
    await caretaking.call('breaker-keeper');
    const told = await caretaking.told();
    expect(told).toHaveLength(2);
    // Two messages of each incident.
    expect(told[1]).toMatch(/^Zapier is back after \d+ s: 8 messages waited\n/);
    expect(told[1]).toMatch(/The oldest is of an incident accepted \d{4}-/);
  });
});

describe('a channel paused by hand', () => {
  it('stays paused until it is resumed by hand', async () => {
    const pauses = new PauseStore(caretaking.dynamoDb, caretaking.table);
    const pause = {
      channel: 'zapier',
      by: 'ada',
      reason: 'maintenance',
      at: new Date().toISOString(),
    } as const;
    await pauses.pause(pause);
    expect(await pauses.get('zapier')).toEqual(pause);
    for (let run = 0; run < 2; run += 1) await caretaking.call('breaker-keeper');
    expect(await caretaking.mappings('zapier')).toEqual(['Disabled', 'Disabled']);
    expect(await pauses.resume('zapier')).toBe(true);
    await caretaking.call('breaker-keeper');
    expect(await caretaking.mappings('zapier')).toEqual(['Enabled', 'Enabled']);
  });
});

describe('a keeper that died', () => {
  it('in the middle of its probe has it taken over, and its mappings put right', async () => {
    const id = await caretaking.orchestrator.raise();
    await caretaking.orchestrator.untilDelivered(id, ...ZAPS);
    const before = await breaker.get();
    const long = new Date(Date.now() - 60_000);
    const outage = {
      ...{ opened_at: long.toISOString(), why: 'by hand', calls: 4, failures: 4 },
      ...{
        probe: { correlation_id: id, delivery: 'zapier-jira' as const },
        waiting_since: long.toISOString(),
      },
    };
    const open = opened(before, outage, POLICY, long);
    expect(await breaker.replace(open)).toBe(true);
    expect(await breaker.replace(halfOpened(open, long))).toBe(true);
    const calledBefore = await calls();
    // Its delivery was made long ago: that is answer enough, and no second one is made.
    expect(await caretaking.call('breaker-keeper')).toMatchObject({ status: 'closed' });
    expect(await calls()).toBe(calledBefore);
    expect(await caretaking.mappings('zapier')).toEqual(['Enabled', 'Enabled']);
    expect((await caretaking.told()).at(-1)).toContain('Zapier is back');
  });
});

describe('a breaker in the table', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  const outage = {
    ...{ opened_at: at.toISOString(), why: '', calls: 4, failures: 4, waiting_since: at.toISOString() },
    probe: { correlation_id: '', delivery: 'slack' as const },
  };

  it('is opened by one of twenty who try at once, and keeps the oldest that waits', async () => {
    const store = new BreakerStore(caretaking.dynamoDb, caretaking.table, 'slack');
    const open = opened(UNTOUCHED, outage, POLICY, at);
    const won = await Promise.all(Array.from({ length: 20 }, () => store.replace(open)));
    expect(won.filter(Boolean)).toHaveLength(1);
    for (const since of ['2026-01-02', '2025-12-30', '2025-12-31']) await store.waitsSince(since);
    expect((await store.get()).outage?.waiting_since).toBe('2025-12-30');
  });

  it('counts the calls of its version within the window', async () => {
    const store = new BreakerStore(caretaking.dynamoDb, caretaking.table, 'discord');
    const after = (seconds: number) => new Date(at.getTime() + seconds * 1_000);
    for (const [version, failed, seconds] of [
      [1, true, 0],
      [1, true, 31],
      [1, false, 59],
      [2, true, 59],
    ] as const) {
      await store.count(version, failed, POLICY, after(seconds));
    }
    expect(bucketOf(after(59), POLICY)).toBe(after(50).getTime() / 1_000);
    expect(await store.counts(1, POLICY, after(59))).toEqual({ calls: 3, failures: 2 });
    expect(await store.counts(1, POLICY, after(80))).toEqual({ calls: 2, failures: 1 });
    expect(await store.counts(2, POLICY, after(80))).toEqual({ calls: 1, failures: 1 });
    expect(await store.counts(3, POLICY, after(80))).toEqual({ calls: 0, failures: 0 });
  });
});
