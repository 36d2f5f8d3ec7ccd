import type { TriggeredEvent } from './event.ts';
import type { DeliveryName } from './channel.ts';
import type { SeverityRule } from './severity.ts';

/**
 * `open` → `acknowledged` | `escalating` | `resolved`; `escalating` → `paged` once PagerDuty took the page;
 * `escalating` and `paged` can still be acknowledged (a late acknowledgement); everything can be resolved.
 */
export const INCIDENT_STATUSES = ['open', 'acknowledged', 'escalating', 'paged', 'resolved'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** Who did something, as the system knows them. */
export interface Actor {
  readonly provider: 'slack' | 'discord' | 'pagerduty' | 'zapier' | 'api' | 'workflow';
  /** The provider's id of the person, or the sender's name for `api`. */
  readonly id: string;
  readonly name: string;
}

/** Why PagerDuty is paged. */
export type EscalationReason = 'not_acknowledged' | 'nobody_reachable';

/** What a Zap made for the incident, as it told `/zapier/callbacks`. */
export interface ZapResult {
  readonly kind: 'jira' | 'finance';
  readonly id: string;
  readonly url?: string;
}

/** One fact in the life of an incident. Facts are only ever appended, in the same write that makes them true. */
export interface IncidentFact {
  readonly step: 'accepted' | 'acknowledged' | 'escalating' | 'paged' | 'resolved' | 'zap_result';
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by?: Actor;
  readonly reason?: EscalationReason;
  readonly result?: ZapResult;
}

/** An incident as it is now: the one item that decides (invariant 4). */
export interface Incident {
  readonly correlation_id: string;
  readonly event: TriggeredEvent;
  readonly priority: string;
  readonly rule: SeverityRule;
  readonly deliveries: readonly DeliveryName[];
  readonly status: IncidentStatus;
  /** ISO 8601, UTC. */
  readonly received_at: string;
  /** Grows by one with each fact; its length tells a delivery whether what it shows is out of date. */
  readonly facts: readonly IncidentFact[];
  /** The parked Step Functions token, once the workflow waits. */
  readonly task_token?: string;
}

/** The fact of that step, if it happened. */
export function factOf(incident: Incident, step: IncidentFact['step']): IncidentFact | undefined {
  return incident.facts.find((fact) => fact.step === step);
}

/** When PagerDuty is paged if nobody acknowledges, ISO 8601; undefined where the policy pages nobody. */
export function acknowledgeBy(incident: Incident): string | undefined {
  if (!incident.rule.page) return undefined;
  const deadline = Date.parse(incident.received_at) + incident.rule.acknowledgement_window_seconds * 1_000;
  return new Date(deadline).toISOString();
}

/** Whether a person can still take the incident: it asks for it, and nobody has. */
export function awaitsAcknowledgement(incident: Incident): boolean {
  return incident.rule.acknowledge && ['open', 'escalating', 'paged'].includes(incident.status);
}

/** Milliseconds from acceptance to `at`. */
export const elapsedMs = (incident: Incident, at: string): number =>
  Math.max(0, Date.parse(at) - Date.parse(incident.received_at));
