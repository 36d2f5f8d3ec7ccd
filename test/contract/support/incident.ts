import type { TriggeredEvent } from '../../../lambdas/domain/event.ts';
import type { Incident, IncidentFact } from '../../../lambdas/domain/incident.ts';

export const CORRELATION_ID = '019abf5e-7c1a-7d3e-8f00-1234567890ab';
/** Now, on a whole second: Slack's look-up asks for what was posted since. */
const RECEIVED = new Date(Math.floor(Date.now() / 1_000) * 1_000);

/** ISO time that many seconds after the incident was accepted. */
export const after = (seconds: number): string =>
  new Date(RECEIVED.getTime() + seconds * 1_000).toISOString();

export const FACTS = {
  accepted: { step: 'accepted', at: after(0) },
  acknowledged: {
    step: 'acknowledged',
    at: after(42),
    by: { provider: 'slack', id: 'U0ADA', name: 'Ada Lovelace' },
  },
  escalating: { step: 'escalating', at: after(300), reason: 'not_acknowledged' },
  paged: { step: 'paged', at: after(303) },
  resolved: { step: 'resolved', at: after(3_900) },
  ticket: {
    step: 'zap_result',
    at: after(5),
    by: { provider: 'zapier', id: 'zapier', name: 'Zapier' },
    result: { kind: 'jira', id: 'OPS-17', url: 'https://jira.example.org/browse/OPS-17' },
  },
} as const satisfies Record<string, IncidentFact>;

/** An open Sev1 incident, or what `changes` make of it. */
export function incidentWith(
  changes: Partial<Omit<Incident, 'event'>> & { readonly event?: Partial<TriggeredEvent> } = {},
): Incident {
  return {
    correlation_id: CORRELATION_ID,
    priority: 'p1',
    rule: {
      channels: ['slack', 'discord', 'zapier'],
      acknowledge: true,
      acknowledgement_window_seconds: 300,
      page: true,
    },
    deliveries: ['slack', 'discord', 'zapier-jira', 'zapier-finance'],
    status: 'open',
    received_at: after(0),
    facts: [FACTS.accepted],
    ...changes,
    event: {
      event_id: 'evt-1',
      incident_id: 'checkout-errors',
      status: 'triggered',
      severity: 'sev1',
      summary: 'Checkout error rate 31% for 5 minutes',
      service: 'checkout',
      source: { kind: 'telemetry', name: 'prometheus' },
      details: { region: 'eu-west-1', error_rate: 0.31 },
      links: [{ title: 'Dashboard', url: 'https://grafana.example.org/d/checkout?from=now-1h&to=now' }],
      runbook_url: 'https://example.org/runbooks/checkout',
      ...changes.event,
    },
  };
}
