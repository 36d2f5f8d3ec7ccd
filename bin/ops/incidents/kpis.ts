import { SEVERITIES, type Severity, type SeverityPolicy } from '../../../lambdas/domain/severity.ts';
import type { ListedIncident } from './recent.ts';

/** What incident command is measured by. Times in milliseconds; null where nothing was counted. */
export interface Kpis {
  readonly accepted: number;
  readonly acknowledged: number;
  /** Of the incidents that ask for an acknowledgement. */
  readonly acknowledged_percent: number | null;
  readonly time_to_acknowledge_p50_ms: number | null;
  readonly time_to_acknowledge_p90_ms: number | null;
  readonly escalated: number;
  /** Of the incidents whose severity pages. */
  readonly escalated_percent: number | null;
  readonly resolved: number;
}

/** The KPIs over all incidents, and of each severity. */
export function kpisOf(
  incidents: readonly ListedIncident[],
  policy: SeverityPolicy,
): { readonly all: Kpis; readonly by_severity: Readonly<Record<Severity, Kpis>> } {
  const of = (severity: Severity) =>
    kpisOfSome(
      incidents.filter((incident) => incident.severity === severity),
      policy,
    );
  return {
    all: kpisOfSome(incidents, policy),
    by_severity: Object.fromEntries(SEVERITIES.map((each) => [each, of(each)])) as Record<Severity, Kpis>,
  };
}

function kpisOfSome(incidents: readonly ListedIncident[], policy: SeverityPolicy): Kpis {
  const asking = incidents.filter(({ severity }) => policy[severity].acknowledge);
  const paging = incidents.filter(({ severity }) => policy[severity].page);
  const times = incidents
    .flatMap(({ received_at, acknowledged_at }) =>
      acknowledged_at === undefined
        ? []
        : [Math.max(0, Date.parse(acknowledged_at) - Date.parse(received_at))],
    )
    .sort((a, b) => a - b);
  const escalated = incidents.filter(({ escalating_at }) => escalating_at !== undefined).length;
  return {
    accepted: incidents.length,
    acknowledged: times.length,
    acknowledged_percent: share(times.length, asking.length),
    time_to_acknowledge_p50_ms: percentile(times, 50),
    time_to_acknowledge_p90_ms: percentile(times, 90),
    escalated,
    escalated_percent: share(escalated, paging.length),
    resolved: incidents.filter(({ status }) => status === 'resolved').length,
  };
}

const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((1_000 * part) / whole) / 10;

/** The smallest value that at least that many percent do not exceed (nearest rank). */
export function percentile(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}
