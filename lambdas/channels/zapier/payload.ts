import type { Incident } from '../../domain/incident.ts';
import { displayText, oneLine, truncate } from '../../domain/text.ts';
import { safeUrl } from '../safe-url.ts';
import { viewOf } from '../incident-view.ts';

export type ZapierDelivery = 'zapier-jira' | 'zapier-finance';

/** What both Zaps get. Flat, because a Zap's editor offers each top-level field by its name. */
export interface ZapPayload {
  readonly correlation_id: string;
  /** The same for every repeat of this delivery: a Zap deduplicates by it. */
  readonly idempotency_key: string;
  readonly delivery: ZapierDelivery;
  readonly event_id: string;
  readonly incident_id: string;
  readonly severity: string;
  readonly priority: string;
  readonly status: string;
  readonly summary: string;
  readonly service: string | null;
  readonly source_kind: string | null;
  readonly source_name: string | null;
  /** ISO 8601; when it began, as far as known. */
  readonly occurred_at: string;
  readonly received_at: string;
  readonly runbook_url: string | null;
  /** One URL a line. */
  readonly links_text: string;
  /** `name: value`, one a line. */
  readonly details_text: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** For the Zap that makes a Jira ticket: suggested values of its fields. */
export interface JiraPayload extends ZapPayload {
  /** One line, 255 characters at most: Jira's limit. */
  readonly jira_summary: string;
  readonly jira_description: string;
  /** A name in Jira's default priority scheme. */
  readonly jira_priority: 'Highest' | 'High' | 'Medium';
  /** Labels hold no spaces. The correlation id is one, so that JQL finds the ticket. */
  readonly jira_labels: readonly string[];
}

/**
 * For the Zap that books a finance adjustment. Values come from the event's `details`, under the first of the names
 * given here that is there; null where the sender gave none.
 */
export interface FinancePayload extends ZapPayload {
  readonly finance_reference: string;
  readonly finance_reason: string;
  /** `adjustment_amount`, `amount`. */
  readonly finance_amount: string | number | null;
  /** `currency`. */
  readonly finance_currency: string | number | null;
  /** `account_id`, `account`, `customer_id`. */
  readonly finance_account: string | number | null;
}

const PRIORITY = { sev1: 'Highest', sev2: 'High', sev3: 'Medium' } as const;

/** Jira's limits of summary and text fields, in characters. */
const LIMIT = { summary: 255, description: 30_000, reason: 255 };

export function zapPayload(incident: Incident, delivery: ZapierDelivery): JiraPayload | FinancePayload {
  const common = commonPayload(incident, delivery);
  return delivery === 'zapier-jira' ? jira(incident, common) : finance(incident, common);
}

function commonPayload(incident: Incident, delivery: ZapierDelivery): ZapPayload {
  const { event, correlation_id } = incident;
  const view = viewOf(incident);
  return {
    correlation_id,
    idempotency_key: `${correlation_id}:${delivery}`,
    delivery,
    event_id: event.event_id,
    incident_id: event.incident_id,
    severity: event.severity,
    priority: incident.priority,
    status: incident.status,
    summary: inert(view.summary),
    service: event.service === undefined ? null : inert(oneLine(event.service)),
    source_kind: event.source?.kind ?? null,
    source_name: event.source === undefined ? null : inert(oneLine(event.source.name)),
    occurred_at: event.occurred_at ?? incident.received_at,
    received_at: incident.received_at,
    runbook_url: safeUrl(event.runbook_url) ?? null,
    links_text: view.links.map(({ url }) => url).join('\n'),
    details_text: inert(view.details.map(({ label, value }) => `${label}: ${value}`).join('\n')),
    details: event.details ?? {},
  };
}

function jira(incident: Incident, common: ZapPayload): JiraPayload {
  const { severity } = incident.event;
  const description = [
    common.summary,
    common.details_text,
    common.runbook_url === null ? '' : `Runbook: ${common.runbook_url}`,
    common.links_text,
    `Correlation id: ${common.correlation_id}`,
  ];
  return {
    ...common,
    jira_summary: truncate(oneLine(`[${severity.toUpperCase()}] ${common.summary}`), LIMIT.summary),
    jira_description: truncate(description.filter((part) => part !== '').join('\n\n'), LIMIT.description),
    jira_priority: PRIORITY[severity],
    jira_labels: ['incident', severity, common.correlation_id],
  };
}

function finance(incident: Incident, common: ZapPayload): FinancePayload {
  const details = incident.event.details ?? {};
  return {
    ...common,
    finance_reference: common.correlation_id,
    finance_reason: truncate(oneLine(common.summary), LIMIT.reason),
    finance_amount: scalar(details, ['adjustment_amount', 'amount']),
    finance_currency: scalar(details, ['currency']),
    finance_account: scalar(details, ['account_id', 'account', 'customer_id']),
  };
}

function scalar(
  details: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string | number | null {
  for (const name of names) {
    const value = Object.hasOwn(details, name) ? details[name] : undefined;
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && value !== '') return truncate(oneLine(value), 255);
  }
  return null;
}

/** `[~name]` is a mention in Jira's markup. */
const inert = (text: string): string => displayText(text).replaceAll('[~', '[\u200b~');
