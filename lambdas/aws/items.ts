import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DELIVERY_NAMES } from '../domain/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Envelope } from '../domain/envelope.ts';
import { isHeartbeat } from '../domain/heartbeat.ts';
import { acknowledgeBy, type Incident, INCIDENT_STATUSES, type IncidentFact } from '../domain/incident.ts';
import { parse, z } from '../domain/schema.ts';
import { SEVERITIES } from '../domain/severity.ts';
import { oneLine, truncate } from '../domain/text.ts';
import { keys, WATCHED } from './keys.ts';

export type Item = Record<string, AttributeValue>;

/**
 * marshall() without `undefined` members: our types are exact, their optional members are absent or set. Half a
 * surrogate pair in somebody's name has no UTF-8, and DynamoDB takes nothing else.
 */
export const toItem = (value: object): Item =>
  marshall(wellFormed(value) as object, { removeUndefinedValues: true });

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wellFormed(member)]));
}

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

// What code relies on without looking: an item that lacks it is unreadable, and must be known as such at once. A
// stream's record that fails later, at work, is brought again and again, and those behind it wait for a day.
const text = z.string();
const EVENT_SHAPE = z.object({
  event_id: text,
  incident_id: text,
  severity: z.enum(SEVERITIES),
  summary: text,
});
const DELIVERIES_SHAPE = z.array(z.enum(DELIVERY_NAMES));
const ENVELOPE_SHAPE = z.object({ correlation_id: text, event: EVENT_SHAPE, deliveries: DELIVERIES_SHAPE });
const INCIDENT_SHAPE = z.object({
  correlation_id: text,
  event: text,
  rule: z.object({ acknowledge: z.boolean(), page: z.boolean() }),
  deliveries: DELIVERIES_SHAPE,
  status: z.enum(INCIDENT_STATUSES),
  received_at: text,
  facts: z.array(z.object({ step: text, at: text })),
});

/** @throws Error naming what is wrong */
function check(shape: z.ZodMiniType, value: unknown, what: string): void {
  const parsed = parse(shape, value);
  if (parsed.ok) return;
  const wrong = parsed.errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new Error(`${what}: ${wrong}`);
}

/** Reads an incident's item. @throws when the item is none */
export function readIncident(item: Item): Incident {
  const what = `Not an incident item: ${JSON.stringify(item['pk'])}`;
  const stored = fromItem(item) as unknown as Omit<Incident, 'event'> & { readonly event: string };
  check(INCIDENT_SHAPE, stored, what);
  const event = JSON.parse(stored.event) as Incident['event'];
  check(EVENT_SHAPE, event, what);
  const { correlation_id, priority, rule, deliveries, status, received_at, facts, task_token } = stored;
  return {
    ...{ correlation_id, event, priority, rule, deliveries, status, received_at, facts },
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
  /** Provider calls over all messages that may have got through, one under way included; a refused one has not. */
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
  const stored = item['envelope']?.S;
  if (stored === undefined) throw new Error('The record holds no envelope');
  const envelope = JSON.parse(stored) as Envelope;
  check(ENVELOPE_SHAPE, envelope, 'Not an envelope');
  return envelope;
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
