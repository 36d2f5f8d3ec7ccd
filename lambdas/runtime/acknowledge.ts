import type { IncidentStore } from '../aws/incident-store.ts';
import { acknowledgementText, type Acknowledgement } from '../domain/acknowledgement.ts';
import { isHeartbeat } from '../domain/heartbeat.ts';
import { elapsedMs, factOf, type Actor } from '../domain/incident.ts';
import { reply } from './api.ts';
import { unknownIncident } from './correlation-id.ts';
import { logger, measure, tracedStep } from './telemetry.ts';

/**
 * Acknowledges an incident: one conditional write, nothing else. Workflow, messages and page follow from the
 * table's stream, so that nothing is left undone when this function dies here.
 */
export async function acknowledge(
  incidents: IncidentStore,
  correlationId: string,
  by: Actor,
  now: Date,
): Promise<Acknowledgement> {
  const at = now.toISOString();
  const result = await tracedStep('acknowledge', correlationId, () =>
    incidents.acknowledge(correlationId, by, at),
  );
  const { outcome } = result;
  logger.info('Acknowledgement', { correlation_id: correlationId, by, outcome });
  if (outcome === 'unknown' || isHeartbeat(result.incident)) return result;
  // Only the write that was made now counts: a repeated click is no second acknowledgement.
  if (factOf(result.incident, 'acknowledged')?.at === at) {
    const elapsed = elapsedMs(result.incident, at);
    // Percentiles of several metrics cannot be added up: over all providers is one of its own.
    measure('timeToAcknowledge', elapsed, {}, correlationId);
    measure('timeToAcknowledge', elapsed, { provider: by.provider }, correlationId);
  }
  return result;
}

/** The API's answer. @throws HttpProblem 404 for an unknown incident */
export function acknowledgementReply(acknowledgement: Acknowledgement, correlationId: string) {
  if (acknowledgement.outcome === 'unknown') throw unknownIncident(correlationId);
  const { incident, outcome } = acknowledgement;
  const fact = factOf(incident, 'acknowledged');
  return reply(200, {
    correlation_id: correlationId,
    status: incident.status,
    outcome,
    message: acknowledgementText(acknowledgement),
    ...(fact === undefined
      ? {}
      : { acknowledged: { by: fact.by, at: fact.at, after_ms: elapsedMs(incident, fact.at) } }),
  });
}
