import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { fromItem, type Item } from '../../../lambdas/aws/items.ts';
import { INDEXES } from '../../../lambdas/aws/keys.ts';
import type { IncidentStatus } from '../../../lambdas/domain/incident.ts';
import type { Severity } from '../../../lambdas/domain/severity.ts';
import type { CommandContext } from '../command-context.ts';

/** An incident as the index `recent` has it. Times are ISO 8601, UTC. */
export interface ListedIncident {
  readonly correlation_id: string;
  readonly incident_id: string;
  readonly severity: Severity;
  readonly status: IncidentStatus;
  readonly summary: string;
  readonly received_at: string;
  readonly acknowledged_at?: string;
  readonly escalating_at?: string;
  readonly paged_at?: string;
  readonly resolved_at?: string;
}

const DAY_MS = 86_400_000;

/** The incidents accepted since then, newest first. */
export async function recentIncidents(ops: CommandContext, since: Date): Promise<ListedIncident[]> {
  const table = await ops.table();
  const pages = await Promise.all(days(since, ops.now()).map((day) => incidentsOf(ops, table, day)));
  return pages
    .flat()
    .filter(({ received_at }) => received_at >= since.toISOString())
    .sort((a, b) => b.correlation_id.localeCompare(a.correlation_id));
}

/** The UTC dates from one instant to the other. */
function days(from: Date, to: Date): string[] {
  const dates = new Set<string>([to.toISOString().slice(0, 10)]);
  for (let at = from.getTime(); at < to.getTime(); at += DAY_MS) {
    dates.add(new Date(at).toISOString().slice(0, 10));
  }
  return [...dates];
}

async function incidentsOf(ops: CommandContext, table: string, day: string): Promise<ListedIncident[]> {
  const found: ListedIncident[] = [];
  let from: Item | undefined;
  do {
    const page: QueryCommandOutput = await ops.clients.dynamoDb.send(
      new QueryCommand({
        TableName: table,
        IndexName: INDEXES.recent,
        KeyConditionExpression: 'received_on = :day',
        ExpressionAttributeValues: { ':day': { S: day } },
        ExclusiveStartKey: from,
      }),
    );
    for (const item of page.Items ?? []) found.push(fromItem(item) as unknown as ListedIncident);
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return found;
}
