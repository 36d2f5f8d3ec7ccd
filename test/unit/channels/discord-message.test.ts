import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factMessage, threadName } from '../../../lambdas/channels/discord/fact-message.ts';
import { type DiscordMessage, incidentMessage } from '../../../lambdas/channels/discord/message.ts';
import { nonceOf } from '../../../lambdas/channels/discord/nonce.ts';
import { ephemeral } from '../../../lambdas/channels/discord/response.ts';
import { escapeText } from '../../../lambdas/channels/discord/text.ts';
import { awaitsAcknowledgement } from '../../../lambdas/domain/incident.ts';
import { CORRELATION_ID, FACTS, incidentWith } from '../../contract/support/incident.ts';
import { FORBIDDEN, hostileIncident, hostileText, RUNS, stringsOf } from './support/hostile.ts';

function expectSafe(message: DiscordMessage): void {
  expect(message.allowed_mentions).toEqual({ parse: [] });
  let total = 0;
  for (const { title = '', description, fields = [], footer } of message.embeds) {
    expect(title.length).toBeLessThanOrEqual(256);
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(fields.length).toBeLessThanOrEqual(25);
    total += title.length + description.length + footer.text.length;
    for (const { name, value } of fields) {
      expect(name.trim()).not.toBe('');
      expect(value.trim()).not.toBe('');
      expect(name.length).toBeLessThanOrEqual(256);
      expect(value.length).toBeLessThanOrEqual(1_024);
      total += name.length + value.length;
    }
  }
  expect(total).toBeLessThanOrEqual(6_000);
  for (const row of message.components) {
    for (const button of row.components) expect(button.custom_id.length).toBeLessThanOrEqual(100);
  }
  for (const text of stringsOf(message.embeds)) expectInert(text);
}

function expectInert(text: string): void {
  expect(text).not.toMatch(FORBIDDEN);
  expect(text).not.toMatch(/@(?:everyone|here)/i);
  // A "<" that opens a mention, an emoji or a time stamp is preceded by an odd number of backslashes.
  expect(text).not.toMatch(/(?<!\\)(?:\\\\)*<[@#:/!a-z]/i);
}

describe('discord message', () => {
  test('whatever an event says: within the limits, nobody mentioned', () => {
    fc.assert(
      fc.property(hostileIncident, (incident) => {
        const message = incidentMessage(incident);
        expectSafe(message);
        expect(message.components).toHaveLength(awaitsAcknowledgement(incident) ? 1 : 0);
        for (const [index, fact] of incident.facts.entries()) expectSafe(factMessage(incident, fact, index));
        expect(threadName(incident).length).toBeLessThanOrEqual(100);
        expectInert(threadName(incident).replaceAll('<', ''));
      }),
      RUNS,
    );
  });

  test('an ephemeral answer fits into 2,000 characters and mentions nobody', () => {
    fc.assert(
      fc.property(hostileText(5_000), (text) => {
        const response = ephemeral(text);
        if (response.type !== 4) throw new Error('not a message');
        expect(response.data.content.length).toBeLessThanOrEqual(2_000);
        expect(response.data).toMatchObject({ flags: 64, allowed_mentions: { parse: [] } });
      }),
      RUNS,
    );
  });

  test('markdown is shown as it was written; a link stays one', () => {
    const shown: [string, string][] = [
      ['*a* <@1> ~~b~~ @everyone', String.raw`\*a\* \<@1> \~\~b\~\~ @` + '\u200beveryone'],
      ['_a_ ||b|| [c](https://d.example)', String.raw`\_a\_ \|\|b\|\| [c]\(https://d.example)`],
      ['# a\n- b\n> c\n-# d', '\\# a\n\\- b\n\\> c\n\\-# d'],
      [String.raw`\*x \ ` + '\\', String.raw`\\\*x \ ` + '\\\\'],
      ['<https://a.example> <t:1:R>', String.raw`\<https://a.example> \<t:1:R>`],
    ];
    for (const [text, escaped] of shown) expect(escapeText(text, 100)).toBe(escaped);
    const plain = 'p99 (eu-west-1) of snake_case_name < 5, ~31% [SEV1] a|b C:\\dir #1 -> up';
    expect(escapeText(plain, 100)).toBe(plain);
    expect(escapeText('see https://a.example/x_y_z?q=1 now_', 100)).toBe(
      'see https://a.example/x_y_z?q=1 now\\_',
    );
  });

  test('open: state, facts, details, links, button and correlation id', () => {
    const message = incidentMessage(incidentWith());
    const all = stringsOf(message).join('\n');
    for (const part of ['🔴 SEV1 checkout', 'Checkout error rate 31%', 'P1', 'eu-west-1']) {
      expect(all).toContain(part);
    }
    expect(all).toContain('• [Runbook](https://example.org/runbooks/checkout)');
    expect(message.embeds[0]?.footer.text).toBe(`Correlation id ${CORRELATION_ID}`);
    expect(message.components[0]?.components[0]).toMatchObject({
      type: 2,
      custom_id: `ack:${CORRELATION_ID}`,
    });
  });

  test('resolved: struck, no button', () => {
    const facts = [FACTS.accepted, FACTS.acknowledged, FACTS.resolved];
    const message = incidentMessage(incidentWith({ status: 'resolved', facts }));
    expect(message.embeds[0]?.description).toContain('~~Checkout error rate 31% for 5 minutes~~');
    expect(message.embeds[0]?.description).toContain('Resolved after 1 h 5 min.');
    expect(message.components).toEqual([]);
  });

  test('a nonce is the same for the same purpose, another for another, and short enough', () => {
    expect(nonceOf(CORRELATION_ID, 'notify')).toBe(nonceOf(CORRELATION_ID, 'notify'));
    expect(nonceOf(CORRELATION_ID, 'notify')).not.toBe(nonceOf(CORRELATION_ID, 'fact:1'));
    expect(nonceOf(CORRELATION_ID, 'notify')).toHaveLength(25);
  });
});
