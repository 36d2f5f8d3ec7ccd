import { describe, expect, it } from 'vitest';
import { kpisOf, percentile } from '../../../bin/ops/incidents/kpis.ts';
import type { ListedIncident } from '../../../bin/ops/incidents/recent.ts';
import { POLICY } from '../../support/incidents.ts';

const START = Date.parse('2026-11-23T03:00:00.000Z');
const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();
const incident = (over: Partial<ListedIncident>): ListedIncident => ({
  correlation_id: 'c',
  incident_id: 'i',
  severity: 'sev1',
  status: 'open',
  summary: 's',
  received_at: at(0),
  ...over,
});

describe('KPIs of known incidents', () => {
  const incidents = [
    incident({ status: 'acknowledged', acknowledged_at: at(10) }),
    incident({ status: 'acknowledged', acknowledged_at: at(20) }),
    incident({ status: 'resolved', acknowledged_at: at(400), escalating_at: at(300), resolved_at: at(500) }),
    incident({ status: 'paged', escalating_at: at(300) }),
    incident({ severity: 'sev2' }),
    incident({ severity: 'sev3', status: 'resolved', resolved_at: at(5) }),
  ];
  const { all, by_severity } = kpisOf(incidents, POLICY);

  it('count the share of those that were asked, not of all', () => {
    expect(by_severity.sev1).toMatchObject({ accepted: 4, acknowledged: 3, acknowledged_percent: 75 });
    expect(by_severity.sev1).toMatchObject({ escalated: 2, escalated_percent: 50, resolved: 1 });
    // A sev3 asks nobody.
    expect(all).toMatchObject({
      accepted: 6,
      acknowledged: 3,
      acknowledged_percent: 60,
      escalated_percent: 50,
    });
  });

  it('take median and 90th percentile of the times to acknowledge', () => {
    expect(all).toMatchObject({ time_to_acknowledge_p50_ms: 20_000, time_to_acknowledge_p90_ms: 400_000 });
  });

  it('say nothing where nothing was counted', () => {
    expect(by_severity.sev3).toMatchObject({
      acknowledged_percent: null,
      time_to_acknowledge_p50_ms: null,
      escalated_percent: null,
      resolved: 1,
    });
    expect(kpisOf([], POLICY).all).toMatchObject({ accepted: 0, acknowledged_percent: null });
  });
});

describe('percentile', () => {
  const tens = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
  it.each([
    [tens, 50, 50],
    [tens, 90, 90],
    [tens, 91, 100],
    [[7], 50, 7],
    [[7], 90, 7],
    [[], 90, null],
  ])('of %j at %i is %s', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });
});
