import type { Actor } from '../../domain/incident.ts';
import { parse, type Parsed, z } from '../../domain/schema.ts';
import { parseJson } from '../json.ts';

/** What a v3 webhook subscription tells. */
export type PagerDutyWebhook =
  | {
      readonly kind: 'acknowledged' | 'resolved';
      readonly correlationId: string;
      /** The person, or PagerDuty itself for what an integration or a timer did. */
      readonly by: Actor;
      /** Whether a person did it. Our own acknowledge and resolve events come back with this false. */
      readonly byPerson: boolean;
      /** ISO 8601. */
      readonly occurredAt: string;
      /** The same for every redelivery. */
      readonly eventId: string;
    }
  /** Another event, or an incident that is none of ours; to be answered 200. */
  | { readonly kind: 'other' };

const Webhook = z.object({ event: z.object({ event_type: z.string() }) });
const IncidentEvent = z.object({
  event: z.object({
    id: z.string(),
    occurred_at: z.iso.datetime({ offset: true }),
    agent: z.optional(
      z.nullable(z.object({ id: z.string(), type: z.string(), summary: z.optional(z.nullable(z.string())) })),
    ),
    data: z.object({ incident_key: z.optional(z.nullable(z.string())) }),
  }),
});

const KINDS: Readonly<Record<string, 'acknowledged' | 'resolved'>> = {
  'incident.acknowledged': 'acknowledged',
  'incident.resolved': 'resolved',
};

/**
 * Reads a v3 webhook. An incident that Events API v2 opened has the event's `dedup_key` as its `incident_key`.
 *
 * @param body the decoded body; check its signature first
 */
export function parsePagerDutyWebhook(body: string): Parsed<PagerDutyWebhook> {
  const json = parseJson(body);
  const head = parse(Webhook, json);
  if (!head.ok) return head;
  const { event_type: type } = head.value.event;
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind === undefined) return other;
  const read = parse(IncidentEvent, json);
  if (!read.ok) return read;
  const { id, occurred_at: occurredAt, agent, data } = read.value.event;
  const correlationId = z.uuid().safeParse(data.incident_key);
  if (!correlationId.success) return other;
  const byPerson = agent?.type === 'user_reference';
  const by: Actor = byPerson
    ? { provider: 'pagerduty', id: agent.id, name: agent.summary ?? agent.id }
    : { provider: 'pagerduty', id: agent?.id ?? 'pagerduty', name: agent?.summary ?? 'PagerDuty' };
  return {
    ok: true,
    value: { kind, correlationId: correlationId.data, by, byPerson, occurredAt, eventId: id },
  };
}

const other: Parsed<PagerDutyWebhook> = { ok: true, value: { kind: 'other' } };
