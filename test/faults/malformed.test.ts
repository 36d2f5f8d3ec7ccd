import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { incidentItem, toItem, type Item } from '../../lambdas/aws/items.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { CHANNELS } from '../../lambdas/domain/channel.ts';
import { anIncident } from '../support/incidents.ts';
import { clock } from './support/clock.ts';
import { emptyDeadLetters } from './support/dead-letters.ts';
import { flawsOf, waiting } from './support/end-state.ts';
import { found } from './support/findings.ts';
import { Platform } from './support/platform.ts';
import { Story } from './support/story.ts';
import { World } from './support/world.ts';

let world: World;
let platform: Platform;
let stories = 0;
beforeAll(async () => {
  clock.install();
  world = await World.open({
    maxReceiveCount: 3,
    windowSeconds: 1,
  });
  platform = new Platform(world);
});
afterAll(async () => {
  await world.close();
  clock.uninstall();
});

const job = { kind: 'notify', correlation_id: uuidv7(), delivery: 'slack' };
const MESSAGES = {
  'not JSON': '{"kind":',
  'JSON that is no object': '[1]',
  'an unknown kind': JSON.stringify({ ...job, kind: 'shout' }),
  'an unknown delivery': JSON.stringify({ ...job, delivery: 'fax' }),
  'a correlation id that is none': JSON.stringify({ ...job, correlation_id: '1; DROP TABLE' }),
  'wrong types': JSON.stringify({ ...job, correlation_id: 1, task_token: {} }),
  'an incident that does not exist': JSON.stringify(job),
  '200 KB of one letter': 'x'.repeat(200_000),
} as const;

/** A life that needs all four channels. */
async function lifeGoesOn(severity: 'sev1' | 'sev2' = 'sev1'): Promise<void> {
  stories += 1;
  const story = new Story({ world, platform, id: `behind-${stories}`, aim: { handler: 'none' } });
  await story.raise(['slack', 'discord', 'zapier'], severity);
  await story.settled('paged');
  await story.end();
  const expected = { pages: 1, status: 'resolved' } as const;
  expect(await flawsOf(world, story.incidentId, expected, /^(?!.*-dlq$)/)).toEqual([]);
}

describe.each(['urgent', 'standard'] as const)('malformed messages in the %s queues', (urgency) => {
  test('each goes to its dead-letter queue and blocks nothing behind it', async () => {
    const sick = Object.values(MESSAGES);
    for (const channel of CHANNELS) {
      const queue = world.stage.queues.find(({ name }) => name === `${channel}-${urgency}`);
      for (const MessageBody of sick) {
        await world.aws.sqs.send(new SendMessageCommand({ QueueUrl: queue?.url, MessageBody }));
      }
    }
    await lifeGoesOn(urgency === 'urgent' ? 'sev1' : 'sev2');
    const deadLetterQueues = CHANNELS.map((channel) => `${channel}-${urgency}-dlq`);
    await platform.until('all are in their dead-letter queues', async () => {
      const left = await waiting(world, new RegExp(`-${urgency}$`));
      return Object.keys(left).length === 0 ? true : undefined;
    });
    for (const name of deadLetterQueues) {
      const kept = await emptyDeadLetters(world, [name]);
      expect(kept.map(({ Body }) => Body).sort(), name).toEqual([...sick].sort());
    }
    found('Malformed', `messages in the four ${urgency} queues`, {
      tried: sick.length * CHANNELS.length,
      outcome: 'each in its dead-letter queue once; incidents behind them told and paged',
    });
  });
});

const outbox = (changes: Item): Item => ({ ...toItem(keys.outbox(`sick-${uuidv7()}`)), ...changes });
const wholeIncident = (): Item => {
  const whole = anIncident();
  const own = { ...whole, correlation_id: uuidv7() };
  return incidentItem(own, { expiresAt: 2_000_000_000, watchAt: own.received_at });
};
const incident = (changes: Item): Item => ({ ...toItem(keys.incident(uuidv7())), ...changes });
/** Items that lead to a record which its relay cannot read. */
const RECORDS: Record<'outbox-relay' | 'announce-changes', Record<string, Item>> = {
  'outbox-relay': {
    'no envelope': outbox({}),
    'an envelope that is not JSON': outbox({ envelope: { S: '{' } }),
    'an envelope of nothing': outbox({ envelope: { S: 'null' } }),
    'an envelope of another type': outbox({ envelope: { N: '1' } }),
    'an envelope without its event': outbox({
      envelope: { S: JSON.stringify({ correlation_id: uuidv7(), deliveries: [] }) },
    }),
    '300 KB of it': outbox({ envelope: { S: 'x'.repeat(300_000) } }),
  },
  'announce-changes': {
    'no event': incident({ facts: { L: [] } }),
    'no facts': incident({ event: { S: '{}' } }),
    'an event that is not JSON': incident({ event: { S: '{' }, facts: { L: [] } }),
    'facts of another type': incident({ event: { S: '{}' }, facts: { S: 'x' } }),
    'no deliveries': { ...wholeIncident(), deliveries: { S: 'slack' } },
    'a status that is none': { ...wholeIncident(), status: { S: 'fine' } },
    'an event without its severity': { ...wholeIncident(), event: { S: '{"event_id":"1"}' } },
    '300 KB of it': incident({ event: { S: 'x'.repeat(300_000) }, facts: { L: [] } }),
  },
};

describe('malformed records in the stream', () => {
  test.each(Object.keys(RECORDS) as (keyof typeof RECORDS)[])(
    '%s keeps each in its dead-letter queue, once, and goes on',
    async (relay) => {
      const sick = Object.values(RECORDS[relay]);
      for (const Item of sick) {
        const TableName = world.stage.table;
        await world.aws.dynamoDb.send(new PutItemCommand({ TableName, Item }));
        // The announcer is told of changes alone.
        const fact = toItem({ step: 'acknowledged', at: clock.now().toISOString() });
        const facts = Item['facts']?.L === undefined ? Item['facts'] : { L: [{ M: fact }, { M: fact }] };
        const changed = { ...Item, changed: { BOOL: true }, ...(facts === undefined ? {} : { facts }) };
        if (relay === 'announce-changes')
          await world.aws.dynamoDb.send(new PutItemCommand({ TableName, Item: changed }));
      }
      await lifeGoesOn();
      const kept = await emptyDeadLetters(world, [`${relay}-dlq`]);
      const keysOf = kept.map(({ Body = '' }) => {
        const { record } = JSON.parse(Body) as { record: { dynamodb: { Keys: { pk: { S: string } } } } };
        return record.dynamodb.Keys.pk.S;
      });
      expect(keysOf.sort()).toEqual(sick.map(({ pk }) => pk?.S).sort());
      expect(await waiting(world, /-dlq$/)).toEqual({});
      found('Malformed', `stream records, ${relay}`, {
        tried: sick.length,
        outcome: 'each in the dead-letter queue once; records behind them worked at',
      });
    },
  );
});
