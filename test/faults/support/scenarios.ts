import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from '../../../lambdas/aws/keys.ts';
import { toItem } from '../../../lambdas/aws/items.ts';
import type { Expected } from './end-state.ts';
import type { WireAnswer } from './faults.ts';
import type { Story } from './story.ts';

/** A stretch of an incident's life, told from outside, in which one run of one handler counts. */
export interface Scenario {
  readonly handler: string;
  /** What that run is given to do. */
  readonly when: string;
  readonly expected: Expected;
  readonly run: (story: Story) => Promise<void>;
  /** The workflow's window ends within a second. */
  readonly shortWindow?: boolean;
  /** A message goes to its dead-letter queue after few receives, for the sake of time. */
  readonly fewReceives?: boolean;
}

const RESOLVED: Expected = { pages: 0, status: 'resolved' };
const PAGED: Expected = { pages: 1, status: 'resolved' };
const PERSON = { id: 'U0ADA00001', name: 'Ada' };

/** Raised, told to everybody, waiting for somebody. */
async function waitingFor(story: Story, channels: readonly string[]): Promise<void> {
  await story.raise(channels);
  await story.settled('open');
  await story.parked();
}

/** The first calls of that name are answered so; later ones by the simulator. */
function answers(story: Story, name: string, answer: WireAnswer, times: number): void {
  let left = times;
  story.world.proxy.answerInstead = (call) => {
    if (call !== name || left === 0) return undefined;
    left -= 1;
    return { answer };
  };
}

const json = (status: number, body: object, headers: Record<string, string> = {}): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const BUSY = json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': '7' });
const GONE = json(200, { ok: false, error: 'channel_not_found' });

const unpaged = (
  handler: string,
  when: string,
  run: Scenario['run'],
  expected: Expected = RESOLVED,
): Scenario => ({ handler, when, run, expected });
const paged = (
  handler: string,
  when: string,
  run: Scenario['run'],
  expected: Expected = PAGED,
): Scenario => ({
  ...{ handler, when, run, expected },
  shortWindow: true,
});

/** Whoever tells that the incident was acknowledged: the rest of the story is the same. */
const acknowledgedBy = (
  handler: string,
  when: string,
  channel: string,
  act: (story: Story) => Promise<unknown>,
) =>
  unpaged(handler, when, async (story) => {
    await waitingFor(story, [channel]);
    story.now();
    await act(story);
    await story.settled('acknowledged');
    await story.end();
  });

const toldOf = (handler: string, channel: string): Scenario[] => [
  unpaged(handler, 'an incident is to be told', async (story) => {
    await story.raise([channel]);
    story.now();
    await story.settled('open');
    await story.parked();
    await story.end();
  }),
];

const updated = (handler: string, channel: string): Scenario =>
  unpaged(handler, 'its message is to show the acknowledgement', async (story) => {
    await waitingFor(story, [channel]);
    await story.acknowledge();
    story.now();
    await story.settled('acknowledged');
    await story.end();
  });

/** A page is out. */
async function pageOut(story: Story): Promise<void> {
  await story.raise(['slack']);
  await story.settled('paged');
}

export const SCENARIOS: readonly Scenario[] = [
  unpaged('ingest-incident', 'an event raises an incident', async (story) => {
    story.now();
    await waitingFor(story, ['slack']);
    await story.end();
  }),
  unpaged('ingest-incident', 'an event resolves it', async (story) => {
    await waitingFor(story, ['slack']);
    story.now();
    await story.resolve();
    await story.end();
  }),
  ...(['firing', 'repeated', 'resolved'] as const).map((what) =>
    unpaged('ingest-alertmanager', `an alert group is ${what}`, async (story) => {
      if (what === 'firing') story.now();
      await story.alertmanager('alertmanager-0.25-firing.json');
      await story.settled('open');
      await story.parked();
      if (what === 'repeated') {
        story.now();
        await story.alertmanager('alertmanager-0.25-firing.json');
      }
      if (what === 'resolved') story.now();
      await story.alertmanager('alertmanager-0.25-resolved.json');
      await story.end();
    }),
  ),
  unpaged('outbox-relay', 'ingest could not start the execution', async (story) => {
    story.world.spoil('ingest-incident', 'StepFunctions StartExecution', 'throttled');
    story.now();
    await waitingFor(story, ['slack']);
    await story.end();
  }),
  unpaged('outbox-relay', 'ingest started the execution', async (story) => {
    story.now();
    await waitingFor(story, ['slack']);
    await story.end();
  }),
  unpaged(
    'outbox-relay',
    'a record beside it cannot be read',
    async (story) => {
      const Item = { ...toItem(keys.outbox(`broken-${story.id}`)), envelope: { S: '{' } };
      await story.world.aws.dynamoDb.send(new PutItemCommand({ TableName: story.world.stage.table, Item }));
      story.now();
      await waitingFor(story, ['slack']);
      await story.end();
    },
    { ...RESOLVED, deadLetters: ['outbox-relay-dlq'] },
  ),
  unpaged('announce-changes', 'it was acknowledged', async (story) => {
    await waitingFor(story, ['slack', 'discord']);
    await story.acknowledge();
    story.now();
    await story.settled('acknowledged');
    await story.end();
  }),
  unpaged('announce-changes', 'it was resolved', async (story) => {
    await waitingFor(story, ['slack', 'discord']);
    await story.resolve();
    story.now();
    await story.end();
  }),
  ...toldOf('slack-worker', 'slack'),
  updated('slack-worker', 'slack'),
  unpaged('slack-worker', 'Slack asks to wait', async (story) => {
    answers(story, 'slack chat.postMessage', BUSY, 1);
    await story.raise(['slack']);
    story.now();
    await story.settled('open');
    await story.parked();
    await story.end();
  }),
  unpaged('slack-worker', 'Slack asks to wait with an update', async (story) => {
    await waitingFor(story, ['slack']);
    await story.acknowledge();
    answers(story, 'slack chat.update', BUSY, 1);
    story.now();
    await story.settled('acknowledged');
    await story.end();
  }),
  {
    handler: 'slack-worker',
    when: 'Slack refuses for good, and nobody else can be reached',
    expected: { ...PAGED, otherwise: { slack: 'failed' }, deadLetters: ['slack-urgent-dlq'] },
    fewReceives: true,
    run: async (story) => {
      await story.raise(['slack']);
      await story.parkedBeforeAll();
      answers(story, 'slack chat.postMessage', GONE, Infinity);
      story.now();
      await story.settled('paged');
      await story.end();
    },
  },
  ...toldOf('discord-worker', 'discord'),
  updated('discord-worker', 'discord'),
  unpaged('zapier-worker', 'an incident is to be handed to a Zap', async (story) => {
    await story.raise(['slack', 'zapier']);
    story.now();
    await story.settled('open');
    await story.parked();
    await story.end();
  }),
  paged('pagerduty-worker', 'nobody acknowledged', async (story) => {
    story.now();
    await pageOut(story);
    await story.end();
  }),
  paged('pagerduty-worker', 'the page that is out is to be acknowledged', async (story) => {
    await pageOut(story);
    await story.acknowledge();
    story.now();
    await story.settled('acknowledged');
    await story.end();
  }),
  paged(
    'pagerduty-worker',
    'somebody acknowledged at the bell',
    async (story) => {
      await story.raise(['slack']);
      await story.pageHeldUp();
      await story.acknowledge();
      story.now();
      await story.letPageGo();
      await story.settled('acknowledged');
      await story.end();
    },
    { ...RESOLVED, otherwise: { pagerduty: 'withheld' } },
  ),
  acknowledgedBy('acknowledge-incident', 'a tool acknowledges', 'slack', (story) => story.acknowledge()),
  acknowledgedBy('slack-interactions', 'somebody presses the button', 'slack', (story) =>
    story.world.providers.slackCallbacks.click(story.correlationId, PERSON),
  ),
  unpaged('slack-interactions', 'somebody presses the button too late', async (story) => {
    await waitingFor(story, ['slack']);
    await story.acknowledge();
    story.now();
    await story.world.providers.slackCallbacks.click(story.correlationId, PERSON);
    await story.settled('acknowledged');
    await story.end();
  }),
  acknowledgedBy('slack-events', 'somebody puts a check mark on it', 'slack', (story) =>
    story.world.providers.slackCallbacks.react(story.correlationId, PERSON, 'white_check_mark'),
  ),
  acknowledgedBy('discord-interactions', 'somebody presses the button', 'discord', (story) =>
    story.world.providers.discordCallbacks.click(story.correlationId, { ...PERSON, roles: [] }),
  ),
  unpaged('zapier-callbacks', 'a Zap tells what it made', async (story) => {
    await waitingFor(story, ['slack', 'zapier']);
    const { zapier, secrets } = story.world.providers;
    story.now();
    await zapier.finish(
      story.correlationId,
      'jira',
      (path, headers, body) => story.world.request('POST', path, headers, body),
      secrets.zapier.callback_tokens[0],
    );
    await story.end();
  }),
  ...(['acknowledge', 'resolve'] as const).map((action) =>
    paged('pagerduty-webhooks', `a person does "${action}" in PagerDuty`, async (story) => {
      await pageOut(story);
      story.now();
      await story.world.providers.pagerduty.act(story.correlationId, PERSON, action);
      await story.settled(action === 'acknowledge' ? 'acknowledged' : 'resolved');
      await story.end();
    }),
  ),
  unpaged('get-incident', 'somebody looks', async (story) => {
    await waitingFor(story, ['slack']);
    story.now();
    await story.world.send('GET', `/incidents/${story.correlationId}`);
    await story.end();
  }),
];
