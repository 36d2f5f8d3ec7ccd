import type { IncidentEvent } from './event.ts';
import { z } from './schema.ts';
import type { Severity } from './severity.ts';
import { oneLine, truncate } from './text.ts';

const labels = z.record(z.string(), z.string());

/**
 * Alertmanager's webhook, version 4, as far as we read it.
 * Source: prometheus.io/docs/alerting/latest/configuration, webhook_config.
 */
export const AlertmanagerWebhookSchema = z.object({
  version: z.literal('4'),
  groupKey: z.string().check(z.minLength(1), z.maxLength(4_096)),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string(),
  groupLabels: labels,
  commonLabels: labels,
  commonAnnotations: labels,
  externalURL: z.string(),
  truncatedAlerts: z.optional(z.number()),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels,
        annotations: labels,
        startsAt: z.string(),
        generatorURL: z.optional(z.string()),
        fingerprint: z.string(),
      }),
    )
    .check(z.minLength(1)),
});
export type AlertmanagerWebhook = z.output<typeof AlertmanagerWebhookSchema>;

/** How Alertmanager's `severity` label becomes ours. */
export interface SeverityLabels {
  readonly labels: Readonly<Record<string, Severity>>;
  readonly default: Severity;
}

/** Alerts shown in `details`; the group's page in Alertmanager has them all. */
const MAX_ALERTS = 20;

/**
 * The event of an alert group. The whole group is one incident: `groupId` (a digest of its key) identifies it.
 *
 * @param generation tells a group that fires anew after it was resolved from its repeats
 */
export function alertGroupEvent(
  webhook: AlertmanagerWebhook,
  severities: SeverityLabels,
  identity: { readonly groupId: string; readonly generation: string },
): IncidentEvent {
  const common = {
    event_id: `alertmanager:${identity.groupId}:${identity.generation}`,
    incident_id: incidentIdOf(identity.groupId),
    source: { kind: 'telemetry' as const, name: truncate(`alertmanager/${webhook.receiver}`, 256) },
  };
  if (webhook.status === 'resolved') return { ...common, status: 'resolved' };
  const service = webhook.commonLabels['service'] ?? webhook.commonLabels['job'];
  const runbook = annotation(webhook, 'runbook_url');
  const startsAt = webhook.alerts.map((alert) => alert.startsAt).sort()[0];
  return {
    ...common,
    status: 'triggered',
    severity: severityOf(webhook, severities),
    summary: truncate(summaryOf(webhook), 1_000),
    ...(service === undefined || service === '' ? {} : { service: truncate(service, 256) }),
    ...(runbook !== undefined && isHttpUrl(runbook) ? { runbook_url: runbook } : {}),
    ...(startsAt !== undefined && !Number.isNaN(Date.parse(startsAt)) ? { occurred_at: startsAt } : {}),
    links: linksOf(webhook),
    details: {
      labels: labelText(webhook.commonLabels),
      alerts: webhook.alerts.slice(0, MAX_ALERTS).map(alertText).join('\n'),
      alert_count: webhook.alerts.length + (webhook.truncatedAlerts ?? 0),
    },
  };
}

/** One alert on one line, as a person reads it. */
function alertText({
  status,
  labels: own,
  annotations,
  startsAt,
}: AlertmanagerWebhook['alerts'][number]): string {
  const said = truncate(oneLine(annotations['summary'] ?? annotations['description'] ?? ''), 200);
  return [status, `since ${startsAt}`, labelText(own), said].filter((part) => part !== '').join(' · ');
}

/** Labels as Prometheus writes them, as far as they fit: 20 alerts stay inside the 32 KiB of `details`. */
const labelText = (all: Readonly<Record<string, string>>): string =>
  Object.entries(all)
    .slice(0, 12)
    .map(([name, value]) => `${truncate(name, 40)}=${truncate(oneLine(value), 60)}`)
    .join(' ');

/** Our `incident_id` of an alert group. */
export const incidentIdOf = (groupId: string): string => `alertmanager:${groupId}`;

/** The group's severity is that of its worst alert: a group may mix them. */
function severityOf(webhook: AlertmanagerWebhook, severities: SeverityLabels): Severity {
  const firing = webhook.alerts.filter((alert) => alert.status === 'firing');
  const all = firing.map((alert) => severities.labels[alert.labels['severity'] ?? ''] ?? severities.default);
  return all.sort()[0] ?? severities.default;
}

function summaryOf(webhook: AlertmanagerWebhook): string {
  const said = annotation(webhook, 'summary') ?? annotation(webhook, 'description');
  const name = webhook.commonLabels['alertname'] ?? Object.values(webhook.groupLabels).join(' ');
  const text = oneLine(said ?? name);
  const more = webhook.alerts.length > 1 ? ` (${webhook.alerts.length} alerts)` : '';
  return `${text === '' ? 'Alert group is firing' : text}${more}`;
}

/** An annotation common to the group, or the first alert's. */
function annotation(webhook: AlertmanagerWebhook, name: string): string | undefined {
  const first = webhook.alerts.find((alert) => (alert.annotations[name] ?? '') !== '');
  return webhook.commonAnnotations[name] ?? first?.annotations[name];
}

function linksOf(webhook: AlertmanagerWebhook): { title: string; url: string }[] {
  const generator = webhook.alerts[0]?.generatorURL ?? '';
  return [
    { title: 'Alertmanager', url: webhook.externalURL },
    { title: 'Query', url: generator },
  ].filter(({ url }) => isHttpUrl(url));
}

const isHttpUrl = (text: string): boolean =>
  /^https?:\/\/\S+$/.test(text) && text.length <= 2_048 && URL.canParse(text);
