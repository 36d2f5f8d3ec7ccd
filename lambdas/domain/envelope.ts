import { deliveriesOf, channelOf, type DeliveryName } from './channel.ts';
import { priorityOf, type TriggeredEvent } from './event.ts';
import type { Incident } from './incident.ts';
import { type QueueUrls, type SeverityPolicy, type SeverityRule, urgencyOf } from './severity.ts';

/**
 * An accepted event with all that was decided about it. It is stored whole in the dedupe item, so that the
 * workflow can be started from there by whoever is left (invariant 1).
 */
export interface Envelope {
  readonly correlation_id: string;
  /** ISO 8601, UTC. */
  readonly received_at: string;
  readonly event: TriggeredEvent;
  readonly priority: string;
  readonly rule: SeverityRule;
  readonly deliveries: readonly DeliveryName[];
}

/** Enriches an event with its identity and its severity's policy. */
export function envelopeOf(
  event: TriggeredEvent,
  policy: SeverityPolicy,
  identity: { readonly correlationId: string; readonly receivedAt: Date },
): Envelope {
  const rule = policy[event.severity];
  return {
    correlation_id: identity.correlationId,
    received_at: identity.receivedAt.toISOString(),
    event,
    priority: priorityOf(event),
    rule,
    deliveries: rule.channels.flatMap(deliveriesOf),
  };
}

/** The incident as it is at the moment of acceptance. */
export function incidentOf(envelope: Envelope): Incident {
  return { ...envelope, status: 'open', facts: [{ step: 'accepted', at: envelope.received_at }] };
}

/**
 * The workflow's input, as text. StartExecution is idempotent only for byte-identical input, so this is a pure
 * function of the stored envelope and the deployed queues.
 */
export function workflowInput(envelope: Envelope, queues: QueueUrls): string {
  const urgency = urgencyOf(envelope.event.severity);
  return JSON.stringify({
    correlation_id: envelope.correlation_id,
    deliveries: envelope.deliveries.map((delivery) => ({
      delivery,
      queue_url: queues[channelOf(delivery)][urgency],
    })),
    page_queue_url: queues.pagerduty[urgency],
  });
}
