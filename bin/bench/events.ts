import type { Envelope } from '../../lambdas/domain/envelope.ts';

/** The sender's token that the benches' secrets know. */
export const TOKEN = 'bench-token';

/** A Sev1 as telemetry sends it: a summary, a service, some details and links; about 600 bytes. */
export const incidentEvent = (id: string, severity = 'sev1') => ({
  event_id: id,
  incident_id: id,
  severity,
  summary: 'Checkout answers 5xx to one request in twenty',
  source: { kind: 'telemetry', name: 'prometheus' },
  service: 'checkout',
  details: { error_rate: 0.051, region: 'eu-central-1', pods: ['checkout-1', 'checkout-2'], since: '10:42' },
  links: [{ title: 'Dashboard', url: 'https://grafana.example/d/checkout?from=now-1h' }],
  runbook_url: 'https://runbooks.example/checkout#5xx',
  occurred_at: '2026-01-05T10:42:00Z',
});

/** What the settings make of a Sev1: whom it is told, and how. */
export const SEV1 = {
  priority: 'p1',
  rule: {
    channels: ['slack', 'discord', 'zapier'],
    acknowledge: true,
    acknowledgement_window_seconds: 300,
    page: true,
  },
  deliveries: ['slack', 'discord', 'zapier-jira', 'zapier-finance'],
} as const satisfies Partial<Envelope>;

/** A request as the HTTP API hands it to `ingest-incident`. */
export const apiEvent = (body: object) => ({
  version: '2.0',
  routeKey: 'POST /events/incidents',
  rawPath: '/events/incidents',
  rawQueryString: '',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
  requestContext: { requestId: 'bench', http: { method: 'POST', path: '/events/incidents' } },
  body: JSON.stringify(body),
  isBase64Encoded: false,
});
