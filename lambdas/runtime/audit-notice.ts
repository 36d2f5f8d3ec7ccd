import type { Notice } from '../aws/operators.ts';
import type { AuditFinding } from '../domain/audit.ts';
import { oneLine, truncate } from '../domain/text.ts';

/** An incident that was helped along. */
export interface Healed {
  readonly correlation_id: string;
  readonly finding: AuditFinding;
  readonly summary: string;
}

const WHAT: Record<AuditFinding, string> = {
  execution_missing: 'its workflow had not been started; it is now',
  execution_failed: 'its workflow had failed; what it had left undone is queued',
  page_overdue: 'nobody acknowledged it in time and no page was out; the page is queued',
  page_silent: 'its page was asked for, but nothing was heard of it; the page is queued again',
};

/** Lines shown; a storm's worth of incidents would not fit into a mail, and the log has them all. */
const MAX_LINES = 20;

/** What the operators are told after a run that had to help. */
export function auditNotice(healed: readonly Healed[]): Notice {
  const lines = healed
    .slice(0, MAX_LINES)
    .map(({ correlation_id, finding, summary }) =>
      [`${correlation_id}: ${WHAT[finding]}`, `  ${truncate(oneLine(summary), 120)}`].join('\n'),
    );
  const more = healed.length - lines.length;
  return {
    subject: `The auditor helped ${healed.length} incident${healed.length === 1 ? '' : 's'} along`,
    lines: [
      ...lines,
      ...(more > 0 ? [`… and ${more} more; the log of the function "auditor" has them.`] : []),
      'Runbook: docs/runbooks/automation.md#incident-helped-along',
    ],
  };
}
