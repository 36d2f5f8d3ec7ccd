import { factOf, type Incident } from '../../domain/incident.ts';
import { oneLine, truncate } from '../../domain/text.ts';
import { stateSentence } from '../incident-state.ts';
import { viewOf } from '../incident-view.ts';

export type PagerDutySeverity = 'critical' | 'error' | 'warning' | 'info';

/** Events API v2, `POST /v2/enqueue` (developer.pagerduty.com/docs/events-api-v2-overview). */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  /** The correlation id: 255 characters at most, and the same for everything about one incident. */
  readonly dedup_key: string;
  readonly payload?: {
    /** 1,024 characters at most. */
    readonly summary: string;
    readonly source: string;
    readonly severity: PagerDutySeverity;
    readonly timestamp: string;
    readonly component?: string;
    readonly group?: string;
    readonly class?: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly client?: string;
}

const SEVERITY = { sev1: 'critical', sev2: 'error', sev3: 'warning' } as const;
const MAX_SUMMARY_CHARS = 1_024;
/** PagerDuty's limit of a whole event. */
export const MAX_EVENT_BYTES = 512 * 1024;

/** The event that pages: once for a `dedup_key`, however often it is sent while the alert is open. */
export function triggerEvent(incident: Incident, routingKey: string): PagerDutyEvent {
  const whole = trigger(incident, routingKey, incident.event.details);
  if (Buffer.byteLength(JSON.stringify(whole)) <= MAX_EVENT_BYTES) return whole;
  return trigger(incident, routingKey, 'Left out: the event would be larger than PagerDuty takes.');
}

/** The event that brings an alert to the incident's present state; undefined when there is nothing to say. */
export function changeEvent(incident: Incident, routingKey: string): PagerDutyEvent | undefined {
  const key = { routing_key: routingKey, dedup_key: incident.correlation_id };
  if (incident.status === 'acknowledged') return { ...key, event_action: 'acknowledge' };
  if (incident.status === 'resolved') return { ...key, event_action: 'resolve' };
  return undefined;
}

function trigger(incident: Incident, routingKey: string, details: unknown): PagerDutyEvent {
  const { event, correlation_id } = incident;
  const view = viewOf(incident);
  const results = view.results.map(
    ({ label, value, url }) => `${label} ${value}${url === undefined ? '' : ` ${url}`}`,
  );
  const source = oneLine(event.source?.name ?? '') || oneLine(event.service ?? '') || 'incident-orchestrator';
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: correlation_id,
    client: 'Incident orchestrator',
    links: view.links.map(({ url, title }) => ({ href: url, text: title })),
    payload: {
      summary: truncate(oneLine(`[${event.severity.toUpperCase()}] ${view.summary}`), MAX_SUMMARY_CHARS),
      source,
      severity: SEVERITY[event.severity],
      timestamp: event.occurred_at ?? incident.received_at,
      ...optional('component', event.service),
      ...optional('group', event.incident_id),
      ...optional('class', event.source?.kind),
      custom_details: {
        correlation_id,
        incident_id: event.incident_id,
        event_id: event.event_id,
        priority: incident.priority,
        state: stateSentence(incident),
        reason: factOf(incident, 'escalating')?.reason ?? 'not_acknowledged',
        summary: view.summary,
        ...(results.length === 0 ? {} : { results }),
        ...(details === undefined ? {} : { details }),
      },
    },
  };
}

function optional<K extends string>(name: K, text: string | undefined): Partial<Record<K, string>> {
  const value = oneLine(text ?? '');
  return value === '' ? {} : ({ [name]: value } as Record<K, string>);
}
