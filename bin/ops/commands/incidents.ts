import { INCIDENT_STATUSES } from '../../../lambdas/domain/incident.ts';
import { SEVERITIES } from '../../../lambdas/domain/severity.ts';
import { truncate } from '../../../lambdas/domain/text.ts';
import type { Command } from '../cli/command.ts';
import { count, duration, instant, parseDuration, table } from '../cli/text.ts';
import { type ListedIncident, recentIncidents } from '../incidents/recent.ts';

const STATUS_CHOICES = ['unresolved', 'all', ...INCIDENT_STATUSES] as const;

/** `incidents`: what is going on. */
export const incidents: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  options: {
    status: {
      type: 'string',
      value: 'status',
      help: `Only these: ${STATUS_CHOICES.join(', ')} (default: unresolved)`,
    },
    severity: { type: 'string', value: SEVERITIES.join('|'), help: 'Only of this severity' },
    since: { type: 'string', value: 'duration', help: 'Accepted within this time (default: 7d)' },
    limit: { type: 'string', value: 'number', help: 'At most so many, the newest (default: 50)' },
  },
  help: 'Lists incidents, the worst first and the newest first among equals. With --status all also those that are over.',
  run: async (input, ops) => {
    const wanted = input.oneOf('status', STATUS_CHOICES) ?? 'unresolved';
    const severity = input.oneOf('severity', SEVERITIES);
    const since = input.text('since') ?? '7d';
    const limit = input.count('limit') ?? 50;
    const from = new Date(ops.now().getTime() - parseDuration('--since', since));
    const all = await recentIncidents(ops, from);
    const matching = all
      .filter(
        ({ status }) =>
          wanted === 'all' || (wanted === 'unresolved' ? status !== 'resolved' : status === wanted),
      )
      .filter((each) => severity === undefined || each.severity === severity)
      .sort((a, b) => a.severity.localeCompare(b.severity));
    const shown = matching.slice(0, limit);
    const bySeverity = Object.fromEntries(
      SEVERITIES.map((each) => [each, matching.filter((incident) => incident.severity === each).length]),
    );
    return {
      ok: true,
      data: { since: from.toISOString(), status: wanted, by_severity: bySeverity, incidents: shown },
      text: listText(
        shown,
        matching.length,
        bySeverity,
        `${wanted === 'all' ? '' : `${wanted} `}in ${since}`,
        ops.now(),
      ),
    };
  },
};

function listText(
  shown: readonly ListedIncident[],
  total: number,
  bySeverity: Readonly<Record<string, number>>,
  which: string,
  now: Date,
): string {
  const severities = Object.entries(bySeverity).map(([name, number]) => `${name} ${number}`);
  const head = `${count(total, 'incident')} (${which}): ${severities.join(', ')}`;
  if (total === 0) return `${head}\n`;
  const rows = shown.map((each) => [
    each.severity,
    each.status,
    instant(each.received_at),
    timeToAcknowledge(each) ?? `waits ${duration(now.getTime() - Date.parse(each.received_at))}`,
    each.correlation_id,
    truncate(each.summary, 60),
  ]);
  const left = total - shown.length;
  return [
    head,
    '',
    table(['SEVERITY', 'STATUS', 'RECEIVED', 'ACKNOWLEDGED', 'CORRELATION ID', 'SUMMARY'], rows),
    ...(left > 0 ? ['', `${count(left, 'more')}: --limit ${total}`] : []),
    '',
    'More of one: npm run ops -- show <correlation id>',
    '',
  ].join('\n');
}

function timeToAcknowledge({
  acknowledged_at,
  resolved_at,
  received_at,
}: ListedIncident): string | undefined {
  const after = (at: string) => duration(Math.max(0, Date.parse(at) - Date.parse(received_at)));
  if (acknowledged_at !== undefined) return `after ${after(acknowledged_at)}`;
  return resolved_at === undefined ? undefined : 'never';
}
