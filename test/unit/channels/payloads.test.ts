import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeEvent, MAX_EVENT_BYTES, triggerEvent } from '../../../lambdas/channels/pagerduty/event.ts';
import { zapPayload } from '../../../lambdas/channels/zapier/payload.ts';
import { CORRELATION_ID, FACTS, incidentWith } from '../../contract/support/incident.ts';
import { FORBIDDEN, hostileIncident, RUNS, stringsOf } from './support/hostile.ts';

const KEY = '0123456789abcdef0123456789abcdef';

describe('pagerduty event', () => {
  test('whatever an event says: within the limits', () => {
    fc.assert(
      fc.property(hostileIncident, (incident) => {
        const event = triggerEvent(incident, KEY);
        expect(event.dedup_key.length).toBeLessThanOrEqual(255);
        expect(event.payload?.summary.length).toBeLessThanOrEqual(1_024);
        expect(event.payload?.summary).not.toMatch(FORBIDDEN);
        expect(event.payload?.source).not.toBe('');
        expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(MAX_EVENT_BYTES);
      }),
      RUNS,
    );
  });

  test.each([
    ['sev1', 'critical'],
    ['sev2', 'error'],
    ['sev3', 'warning'],
  ] as const)('%s is %s', (severity, expected) => {
    expect(triggerEvent(incidentWith({ event: { severity } }), KEY).payload?.severity).toBe(expected);
  });

  test('a trigger says what, why and where to look', () => {
    const facts = [FACTS.accepted, { ...FACTS.escalating, reason: 'nobody_reachable' as const }];
    expect(triggerEvent(incidentWith({ status: 'escalating', facts }), KEY)).toMatchObject({
      routing_key: KEY,
      event_action: 'trigger',
      dedup_key: CORRELATION_ID,
      links: [{ href: 'https://example.org/runbooks/checkout', text: 'Runbook' }, { text: 'Dashboard' }],
      payload: {
        summary: '[SEV1] Checkout error rate 31% for 5 minutes',
        source: 'prometheus',
        component: 'checkout',
        group: 'checkout-errors',
        class: 'telemetry',
        custom_details: { reason: 'nobody_reachable', details: { region: 'eu-west-1' } },
      },
    });
  });

  test('more than 512 KB of details are left out, not refused', () => {
    const event = triggerEvent(incidentWith({ event: { details: { log: 'x'.repeat(600_000) } } }), KEY);
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(MAX_EVENT_BYTES);
    expect(event.payload?.custom_details['details']).toContain('Left out');
  });

  test.each([
    ['open', undefined],
    ['escalating', undefined],
    ['paged', undefined],
    ['acknowledged', 'acknowledge'],
    ['resolved', 'resolve'],
  ] as const)('%s changes the page to %s', (status, action) => {
    expect(changeEvent(incidentWith({ status }), KEY)?.event_action).toBe(action);
  });
});

describe('zap payload', () => {
  test('whatever an event says: one line, within Jira’s limits, mentioning nobody', () => {
    fc.assert(
      fc.property(hostileIncident, (incident) => {
        const payload = zapPayload(incident, 'zapier-jira');
        if (!('jira_summary' in payload)) throw new Error('not for Jira');
        expect(payload.jira_summary.length).toBeLessThanOrEqual(255);
        expect(payload.jira_summary).not.toContain('\n');
        expect(payload.jira_description.length).toBeLessThanOrEqual(32_767);
        for (const label of payload.jira_labels) expect(label).not.toMatch(/\s/);
        const { summary, service, source_name, details_text, links_text, jira_summary, jira_description } =
          payload;
        const shown = [
          summary,
          service,
          source_name,
          details_text,
          links_text,
          jira_summary,
          jira_description,
        ];
        for (const text of stringsOf(shown)) {
          expect(text).not.toMatch(FORBIDDEN);
          expect(text).not.toContain('[~');
        }
      }),
      RUNS,
    );
  });

  test('each delivery has its own idempotency key, and none of the other’s fields', () => {
    const jira = zapPayload(incidentWith(), 'zapier-jira');
    const finance = zapPayload(incidentWith(), 'zapier-finance');
    expect(jira.idempotency_key).toBe(`${CORRELATION_ID}:zapier-jira`);
    expect(finance.idempotency_key).toBe(`${CORRELATION_ID}:zapier-finance`);
    expect(jira).toMatchObject({
      jira_priority: 'Highest',
      jira_labels: ['incident', 'sev1', CORRELATION_ID],
    });
    expect(Object.keys(finance).filter((name) => name.startsWith('jira'))).toEqual([]);
  });

  test('finance values come from the details, and are null where there are none', () => {
    const details = {
      amount: 12.5,
      adjustment_amount: '99.10',
      currency: 'EUR',
      customer_id: 'C-7',
      account: {},
    };
    expect(zapPayload(incidentWith({ event: { details } }), 'zapier-finance')).toMatchObject({
      finance_amount: '99.10',
      finance_currency: 'EUR',
      finance_account: 'C-7',
      finance_reference: CORRELATION_ID,
    });
    expect(zapPayload(incidentWith(), 'zapier-finance')).toMatchObject({
      finance_amount: null,
      finance_account: null,
    });
  });
});
