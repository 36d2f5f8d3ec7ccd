import { setTimeout as delay } from 'node:timers/promises';
import { readIncidentRecord, type IncidentRecord } from '../../../lambdas/aws/timeline.ts';
import type { CommandContext } from '../command-context.ts';

/** A healthy delivery takes a second or two; one that is retried takes longer than a person wants to wait here. */
const WAIT_MS = 30_000;

/** Waits until every delivery of an incident came to an end, or half a minute. */
export async function settled(
  ops: CommandContext,
  correlationId: string,
): Promise<IncidentRecord | undefined> {
  const table = await ops.table();
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const record = await readIncidentRecord(ops.clients.dynamoDb, table, correlationId);
    const ended = record?.deliveries.filter(({ status }) => status !== 'sending').length ?? 0;
    if (Date.now() > deadline || (record !== undefined && ended >= record.incident.deliveries.length))
      return record;
    await delay(250);
  }
}
