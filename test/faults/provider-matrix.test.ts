import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHANNELS, type ChannelName, HUMAN_CHANNELS } from '../../lambdas/domain/channel.ts';
import { factOf } from '../../lambdas/domain/incident.ts';
import { METRICS } from '../../lambdas/domain/metrics.ts';
import type { RetryPolicy } from '../../lambdas/domain/retry.ts';
import type { InsteadOf } from './support/call-proxy.ts';
import { clock } from './support/clock.ts';
import { emptyDeadLetters } from './support/dead-letters.ts';
import { recordOf, waiting } from './support/end-state.ts';
import { found } from './support/findings.ts';
import { Platform } from './support/platform.ts';
import { failing, FIRST_CALL, NEVER_OPENS, rateLimited, REFUSED } from './support/provider-answers.ts';
import { Story } from './support/story.ts';
import { World } from './support/world.ts';

let world: World;
let platform: Platform;
let story: Story;
let stories = 0;
/** Tries of each channel as the stack's settings have them. */
let tries: Record<ChannelName, number>;

beforeAll(async () => {
  clock.install();
  world = await World.open({
    windowSeconds: 1,
    hasty: true,
    env: { BREAKER_POLICY: JSON.stringify(NEVER_OPENS) },
  });
  platform = new Platform(world);
  const policyOf = (channel: ChannelName) =>
    JSON.parse(world.stage.environments.get(`${channel}-worker`)?.['RETRY_POLICY'] ?? '') as RetryPolicy;
  tries = Object.fromEntries(CHANNELS.map((channel) => [channel, policyOf(channel).tries])) as typeof tries;
});
afterAll(async () => {
  await world.close();
  clock.uninstall();
});
beforeEach(() => {
  stories += 1;
  world.proxy.answerInstead = undefined;
  world.proxy.waits.length = 0;
  world.proxy.providerCalls.length = 0;
  story = new Story({ world, platform, id: `provider-${stories}`, aim: { handler: 'none' } });
});

const DELIVERY = {
  slack: 'slack',
  discord: 'discord',
  zapier: 'zapier-jira',
  pagerduty: 'pagerduty',
} as const;

/** Raises an incident whose delivery by that channel meets this, `times` times or for ever. */
async function deliveryThatMeets(channel: ChannelName, instead: InsteadOf, times = Infinity) {
  let left = times;
  world.proxy.answerInstead = (call) => {
    if (call !== FIRST_CALL[channel] || left <= 0) return undefined;
    left -= 1;
    return instead;
  };
  // Zapier reaches no people, and the pager is asked only when somebody else was told.
  await story.raise(
    channel === 'zapier' ? ['slack', 'zapier'] : [channel === 'discord' ? 'discord' : 'slack'],
  );
  const delivery = await platform.until(`${channel} is done with it`, async () => {
    const record = await recordOf(world, story.correlationId);
    const found = record?.deliveries.find(({ name }) => name === DELIVERY[channel]);
    return found?.status === 'delivered' || found?.status === 'failed' ? found : undefined;
  });
  const calls = world.proxy.providerCalls.filter(({ call }) => call === FIRST_CALL[channel]).length;
  return { delivery, calls, waits: world.proxy.waits.slice(0, calls - 1) };
}

/** How a channel looks for what an earlier attempt may have left there. */
const LOOK_UP: Partial<Record<ChannelName, string>> = {
  slack: 'slack conversations.history',
  discord: 'discord GET channels/messages',
};
const lookedUp = (channel: ChannelName): boolean =>
  world.proxy.providerCalls.some(({ call }) => call === LOOK_UP[channel]);

/** The message of a delivery that was given up is in its dead-letter queue in the end, and the workflow knows. */
async function afterGivingUp(channel: ChannelName): Promise<void> {
  await platform.until('the message is in its dead-letter queue', async () =>
    `${channel}-urgent-dlq` in (await waiting(world, /-dlq$/)) ? true : undefined,
  );
  expect(await emptyDeadLetters(world, [`${channel}-urgent-dlq`])).toHaveLength(1);
  await story.acknowledge();
  await story.over();
  expect(await waiting(world, /./)).toEqual({});
}

const RETRYABLE: Record<string, (channel: ChannelName) => InsteadOf> = {
  '429 with Retry-After': (channel) => ({ answer: rateLimited(channel, '7') }),
  '429 without Retry-After': (channel) => ({ answer: rateLimited(channel) }),
  '500': () => ({ answer: failing(500) }),
  '503': () => ({ answer: failing(503) }),
  'a connection reset': () => ({ answer: 'reset' }),
  'no answer at all': () => ({ answer: 'hang' }),
};

describe.each(CHANNELS)('%s', (channel) => {
  test.each(Object.keys(RETRYABLE))('%s, for ever: tried as often as set, then given up', async (kind) => {
    const expected = tries[channel];
    const { delivery, calls, waits } = await deliveryThatMeets(
      channel,
      RETRYABLE[kind]?.(channel) ?? { answer: 'hang' },
    );
    expect(delivery.status).toBe('failed');
    expect(calls).toBe(expected);
    // Whoever said no has nothing that could be found.
    const mayBeThere = !kind.startsWith('429');
    if (channel in LOOK_UP) expect(lookedUp(channel)).toBe(mayBeThere);
    if (kind === '429 with Retry-After') expect(new Set(waits)).toEqual(new Set([7]));
    else expect(waits.every((wait) => wait > 0)).toBe(true);
    await afterGivingUp(channel);
    found('Provider matrix', kind, { [channel]: `${calls} calls, given up` });
  });

  test('an error that no waiting mends: one call, given up', async () => {
    const { delivery, calls } = await deliveryThatMeets(channel, { answer: REFUSED[channel] });
    expect({ status: delivery.status, calls }).toEqual({ status: 'failed', calls: 1 });
    await afterGivingUp(channel);
    found('Provider matrix', 'a permanent error', { [channel]: `${calls} call, given up` });
  });

  test.each([
    ['taken, but the answer is lost', { answer: 'reset', done: true }],
    ['taken, but nothing comes back', { answer: 'hang', done: true }],
    ['taken, with an empty 200', { answer: { status: 200, headers: {}, body: '' }, done: true }],
    ['taken, with a 200 of garbage', { answer: failing(200), done: true }],
  ] as const)('%s: told once', async (kind, instead) => {
    const { delivery, calls } = await deliveryThatMeets(channel, instead, 1);
    expect(delivery.status).toBe('delivered');
    expect(calls).toBeLessThanOrEqual(2);
    expect(shown(channel)).toBe(1);
    await story.end();
    found('Provider matrix', kind, { [channel]: `${calls} ${calls === 1 ? 'call' : 'calls'}, told once` });
  });
});

/** Messages, pages or runs of a Zap that people have of this incident. */
function shown(channel: ChannelName): number {
  const { slack, discord, zapier, pagerduty } = world.providers;
  const id = story.correlationId;
  const mentions = (value: unknown): boolean => JSON.stringify(value).includes(id);
  switch (channel) {
    case 'slack':
      return slack.workspace.messages.filter((each) => each.thread_ts === undefined && mentions(each)).length;
    case 'discord':
      return discord.guild.messages.filter(
        (each) => each.channel_id === discord.guild.channel && mentions(each),
      ).length;
    case 'zapier':
      return new Set(
        zapier.caught
          .filter(({ zap, payload }) => zap === 'jira' && mentions(payload))
          .map(({ payload }) => payload['idempotency_key']),
      ).size;
    case 'pagerduty':
      return pagerduty.pages.filter(({ dedup_key }) => dedup_key === id).length;
  }
}

test('the page goes out at once when the last channel with people fails for good, not before', async () => {
  const answers = (call: string): InsteadOf | undefined => {
    if (call === FIRST_CALL.slack) return { answer: REFUSED.slack };
    if (call === FIRST_CALL.discord) return { answer: REFUSED.discord };
    return undefined;
  };
  const patient = await World.open({});
  try {
    patient.proxy.answerInstead = answers;
    const own = new Platform(patient);
    const last = new Story({ world: patient, platform: own, id: 'nobody', aim: { handler: 'none' } });
    await last.raise([...HUMAN_CHANNELS]);
    const statusOf = async (name: string) =>
      (await recordOf(patient, last.correlationId))?.deliveries.find((each) => each.name === name)?.status;
    // Discord's queue is slow today.
    own.held.add('discord-worker');
    await own.until('Slack has failed', async () =>
      (await statusOf('slack')) === 'failed' ? true : undefined,
    );
    await last.parked();
    expect((await recordOf(patient, last.correlationId))?.incident.status).toBe('open');
    own.held.clear();
    const { incident } = await last.settled('paged');
    expect(factOf(incident, 'escalating')?.reason).toBe('nobody_reachable');
    expect(await statusOf('discord')).toBe('failed');
    found('Provider matrix', 'both human channels fail for good', { pagerduty: 'paged at once' });
  } finally {
    await patient.close();
  }
});

describe('PagerDuty is down when the page is due', () => {
  /** Seconds from the first call to the last one. */
  const patience = (waits: readonly number[]): number => waits.reduce((sum, wait) => sum + wait, 0);

  test('it is asked for hours, and the page goes out once when it is back', async () => {
    const last = tries.pagerduty - 1;
    const { delivery, calls, waits } = await deliveryThatMeets('pagerduty', { answer: failing(503) }, last);
    expect({ status: delivery.status, calls }).toEqual({ status: 'delivered', calls: tries.pagerduty });
    // Half of each wait is fixed, half is jitter: two hours are certain, three are usual.
    expect(patience(waits)).toBeGreaterThan(2 * 3_600);
    expect(shown('pagerduty')).toBe(1);
    await story.end();
    found('Provider matrix', 'down for hours, then back', {
      pagerduty: `${calls} calls over more than 2 h, paged once`,
    });
  });

  test('the first failed attempt is a metric that an alarm watches', async () => {
    const lines: string[] = [];
    const logged = await World.open({
      windowSeconds: 1,
      log: (line) => lines.push(line),
    });
    try {
      const own = new Platform(logged);
      const late = new Story({ world: logged, platform: own, id: 'alarmed', aim: { handler: 'none' } });
      let calls = 0;
      logged.proxy.answerInstead = (call) => {
        if (call !== FIRST_CALL.pagerduty) return undefined;
        calls += 1;
        return calls === 1 ? { answer: failing(500) } : undefined;
      };
      await late.raise(['slack']);
      await late.settled('paged');
      const failed = METRICS.deliveryAttemptFailed.name;
      const noted = lines
        .filter((line) => line.includes('_aws') && line.includes(failed))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(noted.map((metric) => metric['channel'])).toContain('pagerduty');
      const alarms = logged.stage.template
        .ofType('AWS::CloudWatch::Alarm')
        .map(([, alarm]) => JSON.stringify(alarm));
      expect(alarms.some((alarm) => alarm.includes(failed) && alarm.includes('pagerduty'))).toBe(true);
    } finally {
      await logged.close();
    }
  });
});
