import type { StoredDelivery } from '../../../lambdas/aws/items.ts';
import type { IncidentRecord } from '../../../lambdas/aws/timeline.ts';
import { acknowledgeBy, factOf, type Incident } from '../../../lambdas/domain/incident.ts';
import { oneLine, truncate } from '../../../lambdas/domain/text.ts';
import type { TimelineEntry } from '../../../lambdas/domain/timeline.ts';
import { duration, indent, instant, table } from '../cli/text.ts';
import type { IncidentLinks } from './links.ts';

/** An incident with all that was recorded of it, for a terminal. */
export function recordText(
  record: IncidentRecord,
  execution: string,
  links: IncidentLinks,
  now: Date,
): string {
  const { incident, deliveries, timeline } = record;
  const { event } = incident;
  return [
    `${event.severity.toUpperCase()} ${incident.status}: ${truncate(oneLine(event.summary), 200)}`,
    '',
    indent(pairs(headline(incident, execution, now))),
    '',
    'Deliveries',
    indent(deliveryTable(incident, deliveries)),
    '',
    'Timeline',
    indent(timelineTable(incident, timeline)),
    '',
    'Elsewhere',
    indent(
      pairs([
        ['execution', links.execution],
        ['', links.execution_arn],
        ['logs', links.logs],
        ['traces', links.traces],
      ]),
    ),
    '',
  ].join('\n');
}

function headline(incident: Incident, execution: string, now: Date): [string, string][] {
  const { event, received_at, rule } = incident;
  const ago = duration(Math.max(0, now.getTime() - Date.parse(received_at)));
  const acknowledged = factOf(incident, 'acknowledged');
  return [
    ['correlation id', incident.correlation_id],
    ['incident id', `${event.incident_id} (event ${event.event_id})`],
    ['received', `${instant(received_at)}, ${ago} ago`],
    ...(event.service === undefined ? [] : [['service', oneLine(event.service)] as [string, string]]),
    [
      'acknowledged',
      acknowledged === undefined
        ? rule.acknowledge
          ? 'no'
          : 'not asked for'
        : `by ${acknowledged.by?.name ?? '?'}`,
    ],
    ['page', pageText(incident)],
    ['execution', execution],
  ];
}

function pageText(incident: Incident): string {
  const pageAt = acknowledgeBy(incident);
  const [escalating, paged] = [factOf(incident, 'escalating'), factOf(incident, 'paged')];
  if (paged !== undefined) return `sent at ${instant(paged.at)} (${escalating?.reason ?? ''})`;
  if (escalating !== undefined) return `claimed at ${instant(escalating.at)}, not with PagerDuty yet`;
  if (pageAt === undefined) return 'never, by its severity';
  return incident.status === 'open' ? `at ${instant(pageAt)} unless acknowledged` : 'not needed';
}

function deliveryTable(incident: Incident, deliveries: readonly StoredDelivery[]): string {
  const names = [...new Set([...incident.deliveries, ...deliveries.map(({ name }) => name)])];
  const rows = names.map((name) => {
    const delivery = deliveries.find((each) => each.name === name);
    if (delivery === undefined) return [name, 'not begun', '', '', ''];
    const { status, calls, started_at, finished_at, reference = {}, error } = delivery;
    const took =
      finished_at === undefined
        ? ''
        : duration(Math.max(0, Date.parse(finished_at) - Date.parse(started_at)));
    const where = Object.entries(reference).map(([key, value]) => `${key} ${value}`);
    return [name, status, String(calls), took, error ?? where.join(', ')];
  });
  return table(['NAME', 'STATUS', 'CALLS', 'TOOK', 'WHERE, OR WHY NOT'], rows);
}

function timelineTable(incident: Incident, timeline: readonly TimelineEntry[]): string {
  const start = Date.parse(incident.received_at);
  const rows = timeline.map(({ at, step, status, duration_ms, metadata }) => [
    `+${duration(Math.max(0, Date.parse(at) - start))}`,
    step,
    status,
    // A fact's duration is the time since acceptance, which stands in the first column.
    step.startsWith('deliver ') && duration_ms !== undefined ? duration(duration_ms) : '',
    detailOf(metadata),
  ]);
  return table(['AFTER', 'STEP', 'STATUS', 'TOOK', 'DETAIL'], rows);
}

function detailOf(metadata: TimelineEntry['metadata']): string {
  const { by, reason, error, result } = metadata as {
    by?: { name: string; provider: string };
    reason?: string;
    error?: string;
    result?: { kind: string; id: string; url?: string };
  };
  if (by !== undefined) return `by ${by.name} (${by.provider})`;
  if (result !== undefined)
    return [result.kind, result.id, result.url].filter((part) => part !== undefined).join(' ');
  return error ?? reason ?? '';
}

function pairs(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
