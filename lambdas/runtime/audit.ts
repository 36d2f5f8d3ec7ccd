import type { WatchList } from '../aws/audit-store.ts';
import type { Operators } from '../aws/operators.ts';
import type { DeliveryQueues } from '../aws/queues.ts';
import type { IncidentRecord } from '../aws/timeline.ts';
import type { WorkflowStarter } from '../aws/workflow.ts';
import {
  auditEscalating,
  auditOpen,
  type AuditPolicy,
  type AuditVerdict,
  type ExecutionState,
} from '../domain/audit.ts';
import type { DeliveryJob } from '../domain/delivery.ts';
import type { Incident } from '../domain/incident.ts';
import { auditNotice, type Healed } from './audit-notice.ts';
import { logger, measure } from './telemetry.ts';

export interface AuditDependencies {
  readonly watchList: WatchList;
  readonly record: (correlationId: string) => Promise<IncidentRecord | undefined>;
  readonly execution: (correlationId: string) => Promise<ExecutionState>;
  readonly workflow: WorkflowStarter;
  readonly queues: DeliveryQueues;
  readonly operators: Operators;
  readonly policy: AuditPolicy;
  readonly now: () => Date;
}

/**
 * Looks at the incidents that are due, and helps along those that need it. Each step may be done again: executions
 * start once, deliveries are claimed, and a page is sent only by who holds `escalating`.
 *
 * @throws AggregateError when some could not be looked at; the others were
 */
export async function auditIncidents(deps: AuditDependencies): Promise<Healed[]> {
  const ids = await deps.watchList.due(deps.now(), deps.policy.incidents_per_run);
  const healed: Healed[] = [];
  const failures: unknown[] = [];
  // One after the other: DescribeExecution has a small quota, and nobody waits for this.
  for (const id of ids) {
    try {
      const found = await auditOne(id, deps);
      if (found !== undefined) healed.push(found);
    } catch (error) {
      logger.error('Incident not audited', { correlation_id: id, error });
      failures.push(error);
    }
  }
  if (healed.length > 0) await deps.operators.tell(auditNotice(healed));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${ids.length} incidents could not be audited`);
  return healed;
}

async function auditOne(correlationId: string, deps: AuditDependencies): Promise<Healed | undefined> {
  const record = await deps.record(correlationId);
  if (record === undefined) return undefined;
  const { incident } = record;
  const verdict = await verdictOn(record, deps);
  if (verdict.start === true) await deps.workflow.start(incident);
  await deps.queues.send(incident.event.severity, jobsOf(incident, verdict));
  // Last: whoever dies before it has it done again.
  await deps.watchList.lookAgain(correlationId, incident.status, verdict.watchAt);
  const { finding } = verdict;
  if (finding === undefined) return undefined;
  measure('auditFindings', 1, { finding }, correlationId);
  logger.error('Incident helped along by the auditor', { correlation_id: correlationId, ...verdict });
  return { correlation_id: correlationId, finding, summary: incident.event.summary };
}

/** An incident that somebody has, or that is over, is never helped along. */
async function verdictOn(record: IncidentRecord, deps: AuditDependencies): Promise<AuditVerdict> {
  const { status, correlation_id } = record.incident;
  if (status === 'escalating') return auditEscalating(record, deps.policy, deps.now());
  if (status !== 'open') return {};
  // Step Functions out of order is no reason to let a page wait.
  const execution = await deps.execution(correlation_id).catch((error: unknown) => {
    logger.error('Execution not described', { correlation_id, error });
    return { status: 'unknown' } as const;
  });
  return auditOpen(record, execution, deps.policy, deps.now());
}

function jobsOf(incident: Incident, { notify = [], page }: AuditVerdict): DeliveryJob[] {
  const deliveries = [...notify, ...(page === true ? (['pagerduty'] as const) : [])];
  const { correlation_id } = incident;
  return deliveries.map((delivery) => ({ kind: 'notify', correlation_id, delivery }));
}
