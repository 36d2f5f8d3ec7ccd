import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { elapsedMs, type Incident } from '../domain/incident.ts';
import type { TimelineEntry } from '../domain/timeline.ts';
import { fromItem, readDelivery, readIncident, type Item, type StoredDelivery } from './items.ts';
import { keys } from './keys.ts';

/** An incident with everything that was recorded of it. */
export interface IncidentRecord {
  readonly incident: Incident;
  readonly deliveries: readonly StoredDelivery[];
  readonly timeline: readonly TimelineEntry[];
}

/** Reads an incident with its whole saga (consistent), or undefined where there is none. */
export async function readIncidentRecord(
  client: DynamoDBClient,
  table: string,
  correlationId: string,
): Promise<IncidentRecord | undefined> {
  const items = await itemsOf(client, table, keys.incident(correlationId).pk);
  const item = items.find((each) => each['sk']?.S === 'incident');
  if (item === undefined) return undefined;
  const incident = readIncident(item);
  const deliveries = items.filter((each) => each['sk']?.S?.startsWith('delivery#')).map(readDelivery);
  const saga = items.filter((each) => each['sk']?.S?.startsWith('saga#')).map(sagaEntry);
  const timeline = [
    ...factEntries(incident),
    ...deliveries.flatMap((each) => deliveryEntries(each, incident)),
    ...saga,
  ];
  timeline.sort((a, b) => a.at.localeCompare(b.at));
  return { incident, deliveries, timeline };
}

async function itemsOf(client: DynamoDBClient, table: string, pk: string): Promise<Item[]> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pk } },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

const factEntries = (incident: Incident): TimelineEntry[] =>
  incident.facts.map(({ step, at, by, reason, result }) => ({
    correlation_id: incident.correlation_id,
    step,
    status: 'done',
    at,
    // Since acceptance: for `acknowledged` this is the time to acknowledge.
    duration_ms: elapsedMs(incident, at),
    metadata: {
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
      ...(result === undefined ? {} : { result }),
    },
  }));

function deliveryEntries(delivery: StoredDelivery, incident: Incident): TimelineEntry[] {
  // A delivery given up is told by its saga entry; one that is under way has nothing to tell yet.
  if (delivery.status !== 'delivered' && delivery.status !== 'withheld') return [];
  const { name, status, calls, reference, error, started_at, finished_at } = delivery;
  return [
    {
      correlation_id: incident.correlation_id,
      step: `deliver ${name}`,
      status,
      at: finished_at ?? started_at,
      duration_ms: Math.max(0, Date.parse(finished_at ?? started_at) - Date.parse(started_at)),
      metadata: {
        calls,
        ...(reference === undefined ? {} : { reference }),
        ...(error === undefined ? {} : { reason: error }),
      },
    },
  ];
}

function sagaEntry(item: Item): TimelineEntry {
  const { correlation_id, step, status, at, metadata } = fromItem(item) as unknown as TimelineEntry;
  return { correlation_id, step, status, at, metadata };
}
