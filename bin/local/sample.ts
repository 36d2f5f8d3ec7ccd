import { randomUUID } from 'node:crypto';
import { isRecord, parseJson } from './http.ts';
import type { LocalStack } from './stack.ts';

/** An incident such as telemetry would raise. */
export const sampleEvent = () => {
  const id = randomUUID();
  return {
    event_id: `sample-${id}`,
    incident_id: `checkout-latency-${id.slice(0, 8)}`,
    severity: 'sev1',
    summary: 'Checkout p99 latency is 4.8 s, above its objective of 800 ms, for 6 minutes',
    service: 'checkout-api',
    source: { kind: 'telemetry', name: 'grafana' },
    details: { region: 'eu-central-1', p99_ms: 4812, error_rate: '3.4 %', affected_orders: 1270 },
    links: [{ title: 'Dashboard', url: 'https://grafana.example.com/d/checkout' }],
    runbook_url: 'https://runbooks.example.com/checkout/latency',
    occurred_at: new Date().toISOString(),
  };
};

/**
 * Posts the sample incident to the deployed API.
 *
 * @returns its correlation id
 * @throws Error with what the API answered, when it did not accept it
 */
export async function raiseSample({ url, apiToken }: Pick<LocalStack, 'url' | 'apiToken'>): Promise<string> {
  const response = await fetch(`${url}/events/incidents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(sampleEvent()),
  });
  const text = await response.text();
  const body = parseJson(text);
  const id = isRecord(body) ? body['correlation_id'] : undefined;
  if (response.status !== 202 || typeof id !== 'string') {
    throw new Error(`The sample incident was not accepted: ${response.status} ${text}`);
  }
  return id;
}
