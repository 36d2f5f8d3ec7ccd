import { v7 as uuidv7 } from 'uuid';
import type { IncidentStore } from '../aws/incident-store.ts';
import type { WorkflowStarter } from '../aws/workflow.ts';
import { envelopeOf } from '../domain/envelope.ts';
import type { IncidentEvent, ResolvedEvent, TriggeredEvent } from '../domain/event.ts';
import { HEARTBEAT_POLICY, HEARTBEAT_SENDER } from '../domain/heartbeat.ts';
import type { Actor } from '../domain/incident.ts';
import type { SeverityPolicy } from '../domain/severity.ts';
import { reply } from './api.ts';
import { payloadHash } from './payload-hash.ts';
import { logger, measure, traced } from './telemetry.ts';

/** What taking an event in needs. */
export interface IntakeDependencies {
  readonly incidents: IncidentStore;
  readonly workflow: WorkflowStarter;
  readonly policy: SeverityPolicy;
  readonly now: () => Date;
}

/** Takes an event in, whatever it says, and answers the sender. */
export async function acceptEvent(event: IncidentEvent, sender: string, deps: IntakeDependencies) {
  return event.status === 'resolved' ? resolve(event, sender, deps) : trigger(event, sender, deps);
}

async function trigger(event: TriggeredEvent, sender: string, deps: IntakeDependencies) {
  const isHeartbeat = sender === HEARTBEAT_SENDER;
  const envelope = envelopeOf(event, isHeartbeat ? HEARTBEAT_POLICY : deps.policy, {
    correlationId: uuidv7(),
    receivedAt: deps.now(),
  });
  const { correlation_id } = envelope;
  const accepted = await deps.incidents.accept(envelope, payloadHash(event));
  if (accepted.duplicate) {
    measure('duplicates', 1, { sender });
    const { correlationId, payloadMatches } = accepted;
    logger.info('Duplicate event', {
      correlation_id: correlationId,
      event_id: event.event_id,
      payloadMatches,
    });
    return reply(200, { correlation_id: correlationId, duplicate: true, payload_matches: payloadMatches });
  }
  logger.info('Incident accepted', {
    correlation_id,
    event_id: event.event_id,
    severity: event.severity,
    sender,
  });
  if (!isHeartbeat) measure('accepted', 1, { severity: event.severity }, correlation_id);
  await startNow();
  return reply(202, { correlation_id, status: 'accepted' }, { location: `/incidents/${correlation_id}` });

  /** The outbox record is written: whatever happens here, the relay starts what this call did not. */
  async function startNow(): Promise<void> {
    try {
      await traced('start workflow', correlation_id, () => deps.workflow.start(envelope));
    } catch (error) {
      measure('startDeferred', 1, {}, correlation_id);
      logger.warn('Start left to the outbox relay', { correlation_id, error });
    }
  }
}

async function resolve(event: ResolvedEvent, sender: string, deps: IntakeDependencies) {
  const by: Actor = { provider: 'api', id: sender, name: event.source?.name ?? sender };
  const at = deps.now().toISOString();
  const resolved: string[] = [];
  for (const correlationId of await deps.incidents.unresolvedWith(event.incident_id)) {
    const change = await deps.incidents.resolve(correlationId, by, at);
    if (change?.changed === true) resolved.push(correlationId);
  }
  measure('resolved', resolved.length);
  logger.info('Resolved', { incident_id: event.incident_id, correlation_ids: resolved, sender });
  const [correlation_id] = resolved;
  if (correlation_id !== undefined) return reply(202, { correlation_id, status: 'resolved', resolved });
  // A repeat, or an incident that was never raised here: both are as the sender wants them.
  const latest = await deps.incidents.latestWith(event.incident_id);
  return latest === undefined
    ? reply(200, { status: 'nothing_to_resolve', incident_id: event.incident_id })
    : reply(200, { correlation_id: latest, status: 'resolved', duplicate: true });
}
