import { describe, expect, it } from 'vitest';
import { updateJobs } from '../../../lambdas/domain/announcement.ts';
import type { IncidentFact } from '../../../lambdas/domain/incident.ts';
import { after, anIncident } from '../../support/incidents.ts';

const by = { provider: 'slack', id: 'U1', name: 'Ada' } as const;
const escalating = { step: 'escalating', at: after(300), reason: 'not_acknowledged' } as const;
const acknowledged = { step: 'acknowledged', at: after(310), by } as const;
const resolved = { step: 'resolved', at: after(320), by } as const;
const told = (...facts: IncidentFact[]) => updateJobs(anIncident(facts)).map(({ delivery }) => delivery);

describe('a change of an incident', () => {
  it('is shown in every message, and never sent to Zapier again', () => {
    expect(told(acknowledged)).toEqual(['slack', 'discord']);
  });

  it('reaches PagerDuty only when a page may be out and somebody has the incident', () => {
    expect(told(escalating)).not.toContain('pagerduty');
    expect(told(escalating, acknowledged)).toContain('pagerduty');
    expect(told(escalating, resolved)).toContain('pagerduty');
    expect(told(resolved)).not.toContain('pagerduty');
  });
});
