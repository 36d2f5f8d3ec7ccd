import { readIncidentRecord, type IncidentRecord } from '../../../lambdas/aws/timeline.ts';
import type { DeliveryJob } from '../../../lambdas/domain/delivery.ts';
import { truncate } from '../../../lambdas/domain/text.ts';
import type { CommandContext } from '../command-context.ts';
import { type DeadLetter, parseJson } from './peek.ts';

/** A dead letter, with why it was given up. */
export interface ExplainedLetter {
  readonly message_id: string;
  readonly sent_at: string;
  readonly correlation_id: string | undefined;
  readonly delivery: string | undefined;
  readonly kind: string | undefined;
  /** What the incident's delivery record says went wrong. */
  readonly reason: string;
  /** The incident as it is now. */
  readonly incident_status: string | undefined;
}

/** Joins dead letters with what the table knows of their deliveries. */
export async function explained(
  ops: CommandContext,
  letters: readonly DeadLetter[],
): Promise<ExplainedLetter[]> {
  const table = await ops.table();
  const ids = new Set(letters.flatMap(({ job }) => job?.correlation_id ?? []));
  const records = new Map(
    await Promise.all(
      [...ids].map(async (id) => [id, await readIncidentRecord(ops.clients.dynamoDb, table, id)] as const),
    ),
  );
  return letters.map((letter) => {
    const { message_id, sent_at, job } = letter;
    const record = job === undefined ? undefined : records.get(job.correlation_id);
    return {
      message_id,
      sent_at,
      correlation_id: job?.correlation_id,
      delivery: job?.delivery,
      kind: job?.kind,
      reason: job === undefined ? reasonOfStrange(letter) : reasonOf(job, record),
      incident_status: record?.incident.status,
    };
  });
}

function reasonOf(job: DeliveryJob, record: IncidentRecord | undefined): string {
  if (record === undefined) return 'No such incident in the table (older than 90 days, or of another stack)';
  const delivery = record.deliveries.find(({ name }) => name === job.delivery);
  const said = job.kind === 'notify' ? delivery?.error : lastUpdateError(job, record);
  if (said !== undefined) return said;
  if (delivery?.status === 'delivered') return 'Delivered since; a replay changes nothing';
  return 'Received too often without a recorded failure: the worker crashed or was throttled';
}

function lastUpdateError(job: DeliveryJob, { timeline }: IncidentRecord): string | undefined {
  const failed = timeline.findLast(
    ({ step, status }) => step === `deliver ${job.delivery}` && status.startsWith('update_'),
  );
  const error = failed?.metadata['error'];
  return typeof error === 'string' ? error : undefined;
}

/** What is no delivery job: a malformed message, or what a stream relay could not read. */
function reasonOfStrange({ body }: DeadLetter): string {
  const json = parseJson(body) as { error?: unknown; requestContext?: { condition?: unknown } } | undefined;
  if (typeof json?.error === 'string') return `Unreadable stream record: ${json.error}`;
  const condition = json?.requestContext?.condition;
  if (typeof condition === 'string') return `Stream batch given up: ${condition}`;
  return `No delivery job: ${truncate(body.replace(/\s+/g, ' '), 80)}`;
}
