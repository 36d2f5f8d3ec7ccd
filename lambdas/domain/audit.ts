import type { Delivery } from './delivery.ts';
import type { DeliveryName } from './channel.ts';
import { factOf, type Incident } from './incident.ts';
import { z } from './schema.ts';
import type { TimelineEntry } from './timeline.ts';

/** How patient the auditor is. Times in seconds. */
export const AuditPolicySchema = z.strictObject({
  /** What a healthy incident may be late: longer than the slowest start (stream retry included) and delivery. */
  grace_seconds: z.int().check(z.minimum(1), z.maximum(86_400)),
  /** A page that nothing was heard of for this long is sent again: longer than two waits between its tries. */
  page_silence_seconds: z.int().check(z.minimum(1), z.maximum(86_400)),
  /** Incidents looked at per run, oldest first: three calls each must fit into the function's minute. */
  incidents_per_run: z.int().check(z.minimum(1), z.maximum(100)),
});
export type AuditPolicy = z.output<typeof AuditPolicySchema>;

/** An execution as Step Functions has it. */
export type ExecutionState =
  /** `unknown`: Step Functions did not answer. */
  | { readonly status: 'missing' | 'succeeded' | 'failed' | 'timed_out' | 'aborted' | 'unknown' }
  /** `startedAt`: ISO 8601, UTC. */
  | { readonly status: 'running'; readonly startedAt: string };

/** What may be wrong with an incident. */
export const AUDIT_FINDINGS = [
  /** Nobody started its execution. */
  'execution_missing',
  /** Its execution ended without finishing its work. */
  'execution_failed',
  /** Nobody acknowledged in time, and no page was asked for. */
  'page_overdue',
  /** It is escalating, but nothing was heard of the page for long. */
  'page_silent',
] as const;
export type AuditFinding = (typeof AUDIT_FINDINGS)[number];

/** What is to be done about an incident, and when to look again. */
export interface AuditVerdict {
  readonly finding?: AuditFinding;
  /** Start the execution. */
  readonly start?: true;
  /** Deliveries to put into their queues. */
  readonly notify?: readonly DeliveryName[];
  /** Put a page into its queue; the pager's worker decides whether it still may be sent. */
  readonly page?: true;
  /** ISO 8601; undefined when there is nothing left to watch. */
  readonly watchAt?: string;
}

/** An incident with what is known of it. */
export interface Audited {
  readonly incident: Incident;
  readonly deliveries: readonly Delivery[];
  readonly timeline: readonly TimelineEntry[];
}

/** Where nobody is paged, only the end of the execution is of interest. */
const RUNNING_RECHECK_SECONDS = 3_600;

/** Judges an incident that nobody has yet. */
export function auditOpen(
  record: Audited,
  execution: ExecutionState,
  policy: AuditPolicy,
  now: Date,
): AuditVerdict {
  const { rule, received_at } = record.incident;
  const { grace_seconds: grace, page_silence_seconds: silence } = policy;
  switch (execution.status) {
    case 'missing': {
      const window = rule.page ? rule.acknowledgement_window_seconds : 0;
      return { finding: 'execution_missing', start: true, watchAt: after(now, window + grace) };
    }
    case 'failed':
    case 'timed_out':
    case 'aborted': {
      const notify = neverTaken(record);
      if (rule.page) return { finding: 'execution_failed', notify, page: true, watchAt: after(now, silence) };
      // Looked at once more: a message that was lost again leaves no record again.
      return notify.length === 0 ? {} : { finding: 'execution_failed', notify, watchAt: after(now, grace) };
    }
    case 'unknown':
    case 'running':
    case 'succeeded': {
      if (!rule.page)
        return execution.status === 'succeeded' ? {} : { watchAt: after(now, RUNNING_RECHECK_SECONDS) };
      // One that was started late gives people their whole window all the same.
      const from = execution.status === 'running' ? execution.startedAt : received_at;
      const due = after(new Date(from), rule.acknowledgement_window_seconds + grace);
      if (Date.parse(due) > now.getTime()) return { watchAt: due };
      return { finding: 'page_overdue', page: true, watchAt: after(now, silence) };
    }
  }
}

/** Deliveries that no worker ever took on: their message may still lie in its queue, and a second one does no harm. */
const neverTaken = ({ incident, deliveries }: Audited): DeliveryName[] =>
  incident.deliveries.filter((name) => !deliveries.some((each) => each.name === name));

/** Judges an incident whose page was asked for, and which PagerDuty has not taken. */
export function auditEscalating(
  { incident, timeline }: Audited,
  policy: AuditPolicy,
  now: Date,
): AuditVerdict {
  const signs = [
    factOf(incident, 'escalating')?.at ?? incident.received_at,
    ...timeline.filter(({ step }) => step === 'deliver pagerduty').map(({ at }) => at),
  ];
  const lastSign = signs.sort().at(-1) ?? incident.received_at;
  const silentFrom = after(new Date(lastSign), policy.page_silence_seconds);
  if (Date.parse(silentFrom) > now.getTime()) return { watchAt: silentFrom };
  return { finding: 'page_silent', page: true, watchAt: after(now, policy.page_silence_seconds) };
}

const after = (from: Date, seconds: number): string =>
  new Date(from.getTime() + seconds * 1_000).toISOString();
