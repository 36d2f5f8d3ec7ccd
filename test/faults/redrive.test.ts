import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANNELS, type ChannelName } from '../../lambdas/domain/channel.ts';
import { clock } from './support/clock.ts';
import { executionStatus, type Expected, flawsOf, recordOf, waiting } from './support/end-state.ts';
import { found } from './support/findings.ts';
import { Platform } from './support/platform.ts';
import { FIRST_CALL, REFUSED } from './support/provider-answers.ts';
import { redrive } from './support/redrive.ts';
import { Story } from './support/story.ts';
import { World } from './support/world.ts';

let world: World;
let platform: Platform;
let stories = 0;
beforeAll(async () => {
  clock.install();
  world = await World.open({
    // The deployed number of receives is another test's matter; here it is SQS that moves the messages.
    maxReceiveCount: 3,
    windowSeconds: 1,
  });
  platform = new Platform(world);
});
afterAll(async () => {
  await world.close();
  clock.uninstall();
});

function newStory(): Story {
  stories += 1;
  return new Story({ world, platform, id: `redrive-${stories}`, aim: { handler: 'none' } });
}

/** The provider refuses its first call until told otherwise. */
const refuse = (channel: ChannelName) => {
  world.proxy.answerInstead = (call) =>
    call === FIRST_CALL[channel] ? { answer: REFUSED[channel] } : undefined;
};
const recover = () => {
  world.proxy.answerInstead = undefined;
};

/** Waits until SQS has moved a message of that queue to its dead-letter queue. */
const moved = (queue: string) =>
  platform.until(`a message in ${queue}-dlq`, async () =>
    `${queue}-dlq` in (await waiting(world, new RegExp(`^${queue}-dlq$`))) ? true : undefined,
  );

const over = (story: Story) =>
  platform.until('the execution has ended', async () =>
    (await executionStatus(world, story.correlationId)) === 'SUCCEEDED' ? true : undefined,
  );

async function drained(): Promise<void> {
  while (await platform.pump());
}

const told = CHANNELS.filter((channel) => channel !== 'pagerduty');
const urgencies = [
  ['urgent', 'sev1'],
  ['standard', 'sev2'],
] as const;

describe.each(urgencies)(
  'from the dead-letter queue of %s messages, after the execution has closed',
  (urgency, severity) => {
    test.each(told)('%s is told once, of the incident as it is by then', async (channel) => {
      const story = newStory();
      // Zapier alone would reach nobody, and be paged for at once.
      const channels = channel === 'zapier' ? ['slack', 'zapier'] : [channel];
      refuse(channel);
      await story.raise(channels, severity);
      await moved(`${channel}-${urgency}`);
      // Nobody was reached, or nobody answered: it was paged, and then somebody took it.
      await story.acknowledge();
      await over(story);
      await drained();

      recover();
      expect(await redrive(world, `${channel}-${urgency}`)).toBe(1);
      await drained();
      const expected: Expected = { pages: 1, status: 'acknowledged' };
      expect(await flawsOf(world, story.incidentId, await withPages(story, expected))).toEqual([]);
      found('Redrive', `${channel}-${urgency}: acknowledged meanwhile`, {
        outcome: 'told once, as acknowledged',
      });
    });

    /** Whether the window was over before the acknowledgement is a matter of milliseconds here. */
    async function withPages(story: Story, expected: Expected): Promise<Expected> {
      const record = await recordOf(world, story.correlationId);
      const page = record?.deliveries.find(({ name }) => name === 'pagerduty');
      if (page?.status === 'delivered') return expected;
      return {
        ...expected,
        pages: 0,
        ...(page === undefined ? {} : { otherwise: { pagerduty: 'withheld' } }),
      };
    }

    test.each(['acknowledged', 'resolved'] as const)(
      'a page for an incident that was %s meanwhile is withheld, and the saga says so',
      async (status) => {
        const story = newStory();
        refuse('pagerduty');
        await story.raise(['slack'], severity);
        await moved(`pagerduty-${urgency}`);
        await (status === 'acknowledged' ? story.acknowledge() : story.resolve());
        await over(story);
        await drained();

        recover();
        const calls = world.proxy.providerCalls.length;
        await redrive(world, `pagerduty-${urgency}`);
        await drained();
        const sent = world.proxy.providerCalls.slice(calls).map(({ call }) => call);
        expect(sent).not.toContain('pagerduty trigger');
        const expected: Expected = { pages: 0, status, otherwise: { pagerduty: 'withheld' } };
        expect(await flawsOf(world, story.incidentId, expected)).toEqual([]);
        const record = await recordOf(world, story.correlationId);
        expect(record?.timeline).toContainEqual(
          expect.objectContaining({
            step: 'deliver pagerduty',
            status: 'withheld',
            metadata: expect.objectContaining({ reason: `Not paged: the incident is ${status}` }) as object,
          }),
        );
        found('Redrive', `pagerduty-${urgency}: ${status} meanwhile`, {
          outcome: 'withheld, said in the saga',
        });
      },
    );

    test('a page that nobody has answered meanwhile goes out, once', async () => {
      const story = newStory();
      refuse('pagerduty');
      await story.raise(['slack'], severity);
      await moved(`pagerduty-${urgency}`);
      await over(story);
      recover();
      await redrive(world, `pagerduty-${urgency}`);
      await drained();
      expect(await flawsOf(world, story.incidentId, { pages: 1, status: 'paged' })).toEqual([]);
      found('Redrive', `pagerduty-${urgency}: nobody had it`, { outcome: 'paged once' });
    });
  },
);

test('a message whose worker dies each time is told once after its redrive', async () => {
  const story = newStory();
  world.aim({ handler: 'slack-worker', fault: { call: FIRST_CALL.slack, kind: 'process gone after it' } });
  await story.raise(['slack']);
  platform.admits = (worker) => {
    if (worker === 'slack-worker')
      world.spoil(worker, 'slack conversations.history', 'process gone before it');
    return true;
  };
  // The first time it dies after Slack took the message, then before it can look for it.
  platform.admits = firstThen(platform.admits);
  await moved('slack-urgent');
  platform.admits = () => true;
  await story.acknowledge();
  // Nobody answered the workflow's token, so it still waits for this delivery.
  await redrive(world, 'slack-urgent');
  await drained();
  await over(story);
  const record = await recordOf(world, story.correlationId);
  const page = record?.deliveries.find(({ name }) => name === 'pagerduty');
  const expected: Expected =
    page?.status === 'delivered'
      ? { pages: 1, status: 'acknowledged' }
      : { pages: 0, status: 'acknowledged', ...(page && { otherwise: { pagerduty: 'withheld' as const } }) };
  expect(await flawsOf(world, story.incidentId, expected)).toEqual([]);
  found('Redrive', 'slack-urgent: its worker died each time', { outcome: 'told once, as acknowledged' });
});

/** Admits the first message as it comes, and asks `then` about the others. */
function firstThen(then: Platform['admits']): Platform['admits'] {
  let first = true;
  return (worker, message) => {
    if (worker !== 'slack-worker' || !first) return then(worker, message);
    first = false;
    return true;
  };
}
