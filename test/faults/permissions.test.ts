import { afterAll, beforeAll, expect, test } from 'vitest';
import { World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const missing = (handler: string, target: string, input: object) =>
  world.permissions.missing(handler, target, JSON.stringify(input));
const queue = (name: string) => ({ QueueUrl: world.stage.queues.find((each) => each.name === name)?.url });

test('a role allows what its handler does, there and nowhere else', () => {
  const TableName = world.stage.table;
  expect(missing('get-incident', 'DynamoDB_20120810.Query', { TableName })).toBeUndefined();
  expect(missing('get-incident', 'DynamoDB_20120810.Query', { TableName: 'other' })).toContain('table other');
  expect(missing('get-incident', 'DynamoDB_20120810.PutItem', { TableName })).toContain('dynamodb:PutItem');
  const visibility = 'AmazonSQS.ChangeMessageVisibility';
  expect(missing('slack-worker', visibility, queue('slack-urgent'))).toBeUndefined();
  expect(missing('slack-worker', visibility, queue('discord-urgent'))).toContain('discord-urgent');
});

test('a transaction takes what its parts take', () => {
  const parts = (...kinds: string[]) => ({
    TransactItems: kinds.map((kind) => ({ [kind]: { TableName: world.stage.table } })),
  });
  const transact = 'DynamoDB_20120810.TransactWriteItems';
  expect(missing('ingest-incident', transact, parts('Put', 'Update'))).toBeUndefined();
  expect(missing('ingest-incident', transact, parts('Put', 'Delete'))).toContain('dynamodb:DeleteItem');
});

test('what a role does not allow is refused to its handler', async () => {
  world.proxy.refuses = (instance, target) =>
    instance.startsWith('ingest-incident') && target.endsWith('TransactWriteItems')
      ? 'Not allowed'
      : undefined;
  const event = { event_id: 'e', incident_id: 'i', severity: 'sev1', summary: 'Checkout is down' };
  await expect(world.send('POST', '/events/incidents', event)).rejects.toThrow('503');
  expect(String(world.proxy.errors.splice(0)[0])).toContain('Not allowed');
});
