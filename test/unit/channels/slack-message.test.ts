import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factMessage } from '../../../lambdas/channels/slack/fact-message.ts';
import { incidentMessage, type SlackMessage } from '../../../lambdas/channels/slack/message.ts';
import { awaitsAcknowledgement } from '../../../lambdas/domain/incident.ts';
import { CORRELATION_ID, FACTS, incidentWith } from '../../contract/support/incident.ts';
import { FORBIDDEN, hostileIncident, RUNS, stringsOf } from './support/hostile.ts';

interface Text {
  readonly type: string;
  readonly text: string;
  readonly verbatim?: boolean;
}
interface Block {
  readonly type: string;
  readonly text?: Text;
  readonly fields?: readonly Text[];
  readonly elements?: readonly Record<string, unknown>[];
}
const blocksOf = (message: SlackMessage) => message.blocks as unknown as readonly Block[];

function textsOf(message: SlackMessage): Text[] {
  return blocksOf(message).flatMap(({ type, text, fields = [], elements = [] }) => [
    ...(text === undefined ? [] : [text]),
    ...fields,
    ...(type === 'context' ? (elements as unknown as Text[]) : []),
  ]);
}

function expectSafe(message: SlackMessage): void {
  const blocks = blocksOf(message);
  expect(blocks.length).toBeLessThanOrEqual(50);
  for (const { type, text, fields = [], elements = [] } of blocks) {
    expect(text?.text.length ?? 0).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
    expect(fields.length).toBeLessThanOrEqual(10);
    expect(elements.length).toBeLessThanOrEqual(10);
    for (const field of fields) expect(field.text.length).toBeLessThanOrEqual(2_000);
  }
  const texts = textsOf(message);
  const total = texts.reduce((sum, { text }) => sum + text.length, message.text.length);
  expect(total).toBeLessThan(10_500);
  for (const { type, text, verbatim } of [{ type: 'mrkdwn', text: message.text, verbatim: true }, ...texts]) {
    expect(text).not.toBe('');
    if (type === 'mrkdwn') expect(verbatim).toBe(true);
    // Every "<" left opens one of our own links, and nothing in a link opens another.
    expect(text.replace(/<https:\/\/[^<>|\s]+\|[^<>|\n]*>/g, '')).not.toMatch(/[<>]/);
    expect(text).not.toMatch(/&(?!(?:amp|lt|gt);)/);
    expect(text).not.toMatch(FORBIDDEN);
  }
}

describe('slack message', () => {
  test('whatever an event says: within the limits, nobody mentioned, nothing broken', () => {
    fc.assert(
      fc.property(hostileIncident, (incident) => {
        expectSafe(incidentMessage(incident));
        for (const [index, fact] of incident.facts.entries()) expectSafe(factMessage(incident, fact, index));
      }),
      RUNS,
    );
  });

  test('the button is there exactly while somebody can still take the incident', () => {
    fc.assert(
      fc.property(hostileIncident, (incident) => {
        const buttons = blocksOf(incidentMessage(incident)).filter(({ type }) => type === 'actions');
        expect(buttons).toHaveLength(awaitsAcknowledgement(incident) ? 1 : 0);
      }),
      RUNS,
    );
  });

  test('mentions are shown as text', () => {
    const summary = '<!channel> & <@U123> @here';
    const text = JSON.stringify(incidentMessage(incidentWith({ event: { summary } })).blocks);
    expect(text).toContain('&lt;!channel&gt; &amp; &lt;@U123&gt; @here');
  });

  test('open: what, who waits, until when, and the button', () => {
    const message = incidentMessage(incidentWith());
    const all = stringsOf(message.blocks).join('\n');
    for (const part of [
      '🔴 SEV1 checkout',
      'Checkout error rate 31%',
      'P1',
      'prometheus (telemetry)',
      'eu-west-1',
    ]) {
      expect(all).toContain(part);
    }
    expect(all).toContain('<https://example.org/runbooks/checkout|Runbook>');
    expect(all).toContain('from=now-1h&amp;to=now|Dashboard>');
    expect(all).toMatch(/PagerDuty is paged at [\d-]+ [\d:]+ UTC if nobody does/);
    const button = blocksOf(message).find(({ type }) => type === 'actions')?.elements?.[0];
    expect(button).toMatchObject({ action_id: 'acknowledge', value: CORRELATION_ID });
    expect(message.metadata).toEqual({
      event_type: 'incident',
      event_payload: { correlation_id: CORRELATION_ID },
    });
    expect(message.text).toContain('SEV1 checkout: Checkout error rate');
  });

  const { accepted, acknowledged, escalating, paged, resolved, ticket } = FACTS;
  const all = (...[status, ...facts]: ['acknowledged' | 'escalating' | 'paged' | 'resolved', ...object[]]) =>
    stringsOf(
      incidentMessage(incidentWith({ status, facts: [accepted, ...(facts as (typeof accepted)[])] })).blocks,
    ).join('\n');

  test.each([
    ['acknowledged', all('acknowledged', acknowledged), 'Acknowledged by Ada Lovelace in Slack after 42 s.'],
    [
      'escalating',
      all('escalating', escalating),
      'Nobody acknowledged it within 5 min. PagerDuty is being paged.',
    ],
    [
      'nobody reachable',
      all('escalating', { ...escalating, reason: 'nobody_reachable' }),
      'No chat channel could be reached.',
    ],
    [
      'paged',
      all('paged', escalating, paged),
      'PagerDuty was paged after 5 min 3 s. An acknowledgement still counts',
    ],
    ['late', all('acknowledged', escalating, paged, acknowledged), 'PagerDuty was paged after 5 min 3 s.'],
    [
      'resolved',
      all('resolved', acknowledged, resolved),
      'Resolved after 1 h 5 min. Acknowledged by Ada Lovelace',
    ],
    ['resolved, struck', all('resolved', resolved), '~Checkout error rate 31% for 5 minutes~'],
    ['ticket', all('acknowledged', ticket), '*Jira ticket* <https://jira.example.org/browse/OPS-17|OPS-17>'],
  ])('%s', (_name, text, part) => {
    expect(text).toContain(part);
  });

  test("a user's name never becomes a mention: it would ping whoever has the id", () => {
    const by = { provider: 'slack', id: 'U0ADA', name: '<@U0EVE>' } as const;
    const facts = [accepted, { ...acknowledged, by }];
    const message = incidentMessage(incidentWith({ status: 'acknowledged', facts }));
    expect(JSON.stringify(message)).toContain('by &lt;@U0EVE&gt; in Slack');
    expect(JSON.stringify(message)).not.toContain('<@');
  });
});
