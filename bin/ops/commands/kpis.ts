import { SEVERITIES } from '../../../lambdas/domain/severity.ts';
import type { Command } from '../cli/command.ts';
import { duration, instant, parseDuration, table } from '../cli/text.ts';
import { type Kpis, kpisOf } from '../incidents/kpis.ts';
import { recentIncidents } from '../incidents/recent.ts';

/** `kpis`: how well incidents are answered. */
export const kpis: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  options: { since: { type: 'string', value: 'duration', help: 'Accepted within this time (default: 7d)' } },
  help: `Accepted incidents, the share that was acknowledged (of those that ask for it), the time that took (median and
90th percentile), and the share that was escalated to PagerDuty (of those whose severity pages).`,
  run: async (input, ops) => {
    const since = input.text('since') ?? '7d';
    const from = new Date(ops.now().getTime() - parseDuration('--since', since));
    const [incidents, { ingest }] = await Promise.all([recentIncidents(ops, from), ops.deployment()]);
    const { all, by_severity } = kpisOf(incidents, ingest.SEVERITY_POLICY);
    const rows = [...SEVERITIES.map((severity) => row(severity, by_severity[severity])), row('all', all)];
    const header = [
      'SEVERITY',
      'ACCEPTED',
      'ACKNOWLEDGED',
      'TIME TO ACK P50',
      'P90',
      'ESCALATED',
      'RESOLVED',
    ];
    return {
      ok: true,
      data: { since: from.toISOString(), all, by_severity },
      text: `Since ${instant(from.toISOString())} (${since})\n\n${table(header, rows)}\n`,
    };
  },
};

const row = (name: string, each: Kpis): string[] => [
  name,
  String(each.accepted),
  share(each.acknowledged, each.acknowledged_percent),
  time(each.time_to_acknowledge_p50_ms),
  time(each.time_to_acknowledge_p90_ms),
  share(each.escalated, each.escalated_percent),
  String(each.resolved),
];

const share = (number: number, percent: number | null): string =>
  percent === null ? '–' : `${number} (${percent} %)`;
const time = (ms: number | null): string => (ms === null ? '–' : duration(ms));
