import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { incidentItem, toItem, watchAt, type Item } from '../../lambdas/aws/items.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { incidentOf, type Envelope } from '../../lambdas/domain/envelope.ts';
import type { CountedStack } from './counted-stack.ts';
import { incidentEvent, SEV1 } from './events.ts';
import { acknowledged, type IncidentRun } from './incident-runs.ts';

/** What one incident took, beside few of something and beside many. */
export interface Growth {
  readonly few: IncidentRun;
  readonly many: IncidentRun;
}

/** One incident with 10, then with 10,000 others held open. They are written straight into the table. */
export async function openIncidents(counted: CountedStack, counts = [10, 10_000] as const): Promise<Growth> {
  await holdOpen(counted, counts[0]);
  const few = await acknowledged(counted);
  await holdOpen(counted, counts[1] - counts[0]);
  return { few, many: await acknowledged(counted) };
}

/** One incident with 1, then with 50 entries in its saga by the time it is acknowledged. */
export async function sagaEntries(counted: CountedStack): Promise<Growth> {
  const few = await acknowledged(counted, (id) => addSaga(counted, id, 1));
  return { few, many: await acknowledged(counted, (id) => addSaga(counted, id, 50)) };
}

function holdOpen({ dynamoDb, stack }: CountedStack, count: number): Promise<void> {
  return putAll(dynamoDb, stack.outputs.TableName, Array.from({ length: count }, openIncident));
}

function openIncident(): Item {
  const id = randomUUID();
  const envelope: Envelope = {
    correlation_id: id,
    received_at: new Date().toISOString(),
    event: { ...incidentEvent(id), status: 'triggered', severity: 'sev1' } as Envelope['event'],
    ...SEV1,
  };
  const incident = incidentOf(envelope);
  return incidentItem(incident, {
    expiresAt: Math.floor(Date.now() / 1_000) + 86_400,
    watchAt: watchAt(incident),
  });
}

function addSaga({ dynamoDb, stack }: CountedStack, id: string, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.now() + index).toISOString();
    const metadata = { attempt: index + 1, error: 'Slack answered ratelimited; Retry-After 30 s' };
    const entry = { correlation_id: id, step: 'deliver slack', status: 'attempt_failed', at, metadata };
    return toItem({ ...keys.saga(id, at, `bench-${index}`), ...entry });
  });
  return putAll(dynamoDb, stack.outputs.TableName, entries);
}

/** DynamoDB takes 25 at once. */
async function putAll(dynamoDb: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  for (let from = 0; from < items.length; from += 25) {
    const requests = items.slice(from, from + 25).map((item) => ({ PutRequest: { Item: item } }));
    await dynamoDb.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}
