import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Delivery } from '../domain/delivery.ts';
import type { Envelope } from '../domain/envelope.ts';
import { isHeartbeat } from '../domain/heartbeat.ts';
import { acknowledgeBy, type Incident, type IncidentFact } from '../domain/incident.ts';
import { oneLine, truncate } from '../domain/text.ts';
import { keys, WATCHED } from './keys.ts';

export type Item = Record<string, AttributeValue>;

/** marshall() without `undefined` members: our types are exact, their optional members are absent or set. */
export const toItem = (value: object): Item => marshall(value, { removeUndefinedValues: true });
export const fromItem = (item: Item): Record<string, unknown> => unmarshall(item);

/**
 * An incident's item. `event` is JSON text: it is opaque to DynamoDB, and numbers in it survive unchanged. The
 * members beside it are those that conditions, indexes and the workflow look at.
 */
export function incidentItem(incident: Incident, options: { expiresAt: number; watchAt: string }): Item {
  const { event, rule, received_at } = incident;
  const heartbeat = isHeartbeat(incident);
  return toItem({
    ...keys.incident(incident.correlation_id),
    ...incident,
    event: JSON.stringify(event),
    // Whether the workflow waits for somebody; the pager's worker pages by the rule alone.
    page: rule.page || heartbeat,
    incident_id: event.incident_id,
    severity: event.severity,
    // What a list shows; the whole summary is in `event`.
    summary: truncate(oneLine(event.summary), 200),
    // A heartbeat is in no list of incidents and needs nobody.
    ...(heartbeat
      ? {}
      : { received_on: received_at.slice(0, 10), watch: WATCHED, watch_at: options.watchAt }),
    expires_at: options.expiresAt,
  });
}

/** Reads an incident's item. @throws when the item is none */
export function readIncident(item: Item): Incident {
  const stored = fromItem(item) as unknown as Incident & { readonly event: unknown };
  if (typeof stored.event !== 'string' || !Array.isArray(stored.facts)) {
    throw new Error(`Not an incident item: ${JSON.stringify(item['pk'])}`);
  }
  const { correlation_id, priority, rule, deliveries, status, received_at, facts, task_token } = stored;
  return {
    ...{ correlation_id, priority, rule, deliveries, status, received_at, facts },
    event: JSON.parse(stored.event) as Incident['event'],
    ...(task_token === undefined ? {} : { task_token }),
  };
}

/** Reads a delivery's item. */
export function readDelivery(item: Item): StoredDelivery {
  const stored = fromItem(item) as unknown as StoredDelivery & { readonly sk: string };
  return { ...stored, name: stored.sk.slice('delivery#'.length) as Delivery['name'] };
}

/** A delivery with what only the store needs. */
export interface StoredDelivery extends Delivery {
  /** Provider calls started over all messages; above one, an earlier one may have got through. */
  readonly calls: number;
  /** Epoch milliseconds until which one worker has it. */
  readonly lease_until?: number;
  /** The update message that failed for good, so that it reaches the dead-letter queue without another call. */
  readonly failed_update?: string;
}

/** The dedupe item, which is also the outbox record. */
export function outboxItem(envelope: Envelope, payloadHash: string, expiresAt: number): Item {
  return toItem({
    ...keys.outbox(envelope.event.event_id),
    correlation_id: envelope.correlation_id,
    payload_hash: payloadHash,
    envelope: JSON.stringify(envelope),
    expires_at: expiresAt,
  });
}

/** Reads the envelope from an outbox item. @throws when the item holds none */
export function readEnvelope(item: Item): Envelope {
  const text = item['envelope']?.S;
  if (text === undefined) throw new Error('The record holds no envelope');
  const envelope = JSON.parse(text) as Partial<Envelope>;
  if (typeof envelope.correlation_id !== 'string' || !Array.isArray(envelope.deliveries)) {
    throw new Error('The envelope lacks its correlation id or its deliveries');
  }
  return envelope as Envelope;
}

/** When the auditor should first look at an incident, ISO 8601. */
export function watchAt(incident: Incident): string {
  // Five minutes: longer than the slowest healthy start (stream retry included) and delivery.
  const grace = 5 * 60_000;
  const from = acknowledgeBy(incident) ?? incident.received_at;
  return new Date(Date.parse(from) + grace).toISOString();
}

/** The list that `list_append` needs. */
export const factList = (fact: IncidentFact): AttributeValue => ({
  L: [{ M: toItem(fact) }],
});
