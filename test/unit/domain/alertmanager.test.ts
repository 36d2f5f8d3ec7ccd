import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  alertGroupEvent,
  AlertmanagerWebhookSchema,
  type AlertmanagerWebhook,
} from '../../../lambdas/domain/alertmanager.ts';
import { parseIncidentEvent } from '../../../lambdas/domain/event.ts';

const captured = (name: string): AlertmanagerWebhook => {
  const file = new URL(`../../fixtures/alertmanager-0.25-${name}.json`, import.meta.url);
  const { body } = JSON.parse(readFileSync(file, 'utf8')) as { body: unknown };
  return AlertmanagerWebhookSchema.parse(body);
};
const severities = { labels: { critical: 'sev1', warning: 'sev2' }, default: 'sev3' } as const;
const eventOf = (webhook: AlertmanagerWebhook, generation = 'first') =>
  alertGroupEvent(webhook, severities, { groupId: 'g', generation });

describe('an alert group as Alertmanager 0.25 sent it', () => {
  it('is a Sev1 of its service, with summary, runbook and the count of its alerts', () => {
    expect(eventOf(captured('firing'))).toMatchObject({
      event_id: 'alertmanager:g:first',
      incident_id: 'alertmanager:g',
      status: 'triggered',
      severity: 'sev1',
      summary: 'Checkout error rate 31% for 5 minutes (2 alerts)',
      service: 'checkout',
      runbook_url: 'https://example.org/runbooks/checkout',
      occurred_at: '2026-11-23T09:04:42.399285836Z',
    });
  });

  it('tells its alerts as lines that a person can read', () => {
    const { labels, alerts } = eventOf(captured('firing')).details ?? {};
    expect(labels).toBe('alertname=CheckoutErrorRateHigh service=checkout severity=critical');
    expect(String(alerts).split('\n')[1]).toBe(
      'firing · since 2026-11-23T09:04:42.399285836Z · alertname=CheckoutErrorRateHigh region=us-east-1 ' +
        'service=checkout severity=critical · Checkout error rate 12% for 5 minutes',
    );
  });

  it('is an event that the other door would take as well', () => {
    for (const name of ['firing', 'another-group', 'resolved']) {
      expect(parseIncidentEvent(eventOf(captured(name)))).toMatchObject({ ok: true });
    }
  });

  it('resolves its incident when all alerts are resolved', () => {
    expect(eventOf(captured('resolved'))).toMatchObject({
      status: 'resolved',
      incident_id: 'alertmanager:g',
    });
  });

  it('has the severity of its worst firing alert, and the default for labels that are not mapped', () => {
    const webhook = captured('firing');
    const [first, second] = webhook.alerts as [
      AlertmanagerWebhook['alerts'][0],
      AlertmanagerWebhook['alerts'][0],
    ];
    const withSeverities = (a: string, b: string) => ({
      ...webhook,
      alerts: [
        { ...first, labels: { severity: a } },
        { ...second, labels: { severity: b } },
      ],
    });
    expect(eventOf(withSeverities('warning', 'critical'))).toMatchObject({ severity: 'sev1' });
    expect(eventOf(withSeverities('info', 'warning'))).toMatchObject({ severity: 'sev2' });
    expect(eventOf(withSeverities('info', 'none'))).toMatchObject({ severity: 'sev3' });
  });

  it('fits an event however many alerts there are and however long their labels', () => {
    const webhook = captured('firing');
    const [alert] = webhook.alerts as [AlertmanagerWebhook['alerts'][0]];
    const labels = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`label_${n}`, 'v'.repeat(2_000)]),
    );
    const huge = {
      ...webhook,
      commonLabels: labels,
      alerts: Array.from({ length: 500 }, () => ({ ...alert, labels })),
    };
    const event = eventOf(huge);
    expect(parseIncidentEvent(event)).toMatchObject({ ok: true });
    expect(event.details).toMatchObject({ alert_count: 500 });
  });
});
