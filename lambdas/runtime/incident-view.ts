import type { IncidentRecord } from '../aws/timeline.ts';
import { acknowledgeBy, elapsedMs, factOf } from '../domain/incident.ts';

/** An incident as the API shows it: everything but the workflow's token. */
export function incidentView({ incident, deliveries, timeline }: IncidentRecord) {
  const { correlation_id, event, status, priority, received_at, rule } = incident;
  const acknowledged = factOf(incident, 'acknowledged');
  const resolved = factOf(incident, 'resolved');
  return {
    correlation_id,
    incident_id: event.incident_id,
    severity: event.severity,
    priority,
    status,
    summary: event.summary,
    received_at,
    acknowledgement_asked: rule.acknowledge,
    acknowledge_by: acknowledgeBy(incident),
    acknowledged: acknowledged && {
      by: acknowledged.by,
      at: acknowledged.at,
      after_ms: elapsedMs(incident, acknowledged.at),
    },
    escalated_at: factOf(incident, 'escalating')?.at,
    paged_at: factOf(incident, 'paged')?.at,
    resolved: resolved && { by: resolved.by, at: resolved.at },
    event,
    deliveries: deliveries.map(({ name, status: state, calls, reference, error, finished_at }) => ({
      ...{ name, status: state, calls, reference, error, finished_at },
    })),
    timeline,
  };
}
