import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mayAcknowledgeInDiscord,
  parseDiscordInteraction,
} from '../../../lambdas/channels/discord/interaction.ts';
import { deferredUpdate, pong, updateMessage } from '../../../lambdas/channels/discord/response.ts';
import { parsePagerDutyWebhook } from '../../../lambdas/channels/pagerduty/webhook.ts';
import { parseSlackEvent } from '../../../lambdas/channels/slack/event.ts';
import { parseSlackInteraction } from '../../../lambdas/channels/slack/interaction.ts';
import { CORRELATION_ID, incidentWith } from '../../contract/support/incident.ts';

const form = (payload: unknown) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

describe('slack interaction', () => {
  const payload = {
    type: 'block_actions',
    user: { id: 'U0ADA', username: 'ada', name: 'ada', team_id: 'T1' },
    container: { type: 'message', message_ts: '1.2', channel_id: 'C1' },
    response_url: 'https://hooks.slack.com/actions/T1/2/secret',
    actions: [
      { type: 'button', action_id: 'acknowledge', block_id: 'incident_actions', value: CORRELATION_ID },
    ],
  };

  test('a click on Acknowledge', () => {
    expect(parseSlackInteraction(form(payload))).toEqual({
      ok: true,
      value: {
        kind: 'acknowledge',
        correlationId: CORRELATION_ID,
        by: { provider: 'slack', id: 'U0ADA', name: 'ada' },
        responseUrl: payload.response_url,
      },
    });
  });

  test('other buttons and other interactions are left alone', () => {
    expect(parseSlackInteraction(form({ type: 'view_submission' }))).toMatchObject({
      value: { kind: 'other' },
    });
    const actions = [{ action_id: 'open_dashboard' }];
    expect(parseSlackInteraction(form({ ...payload, actions }))).toMatchObject({ value: { kind: 'other' } });
  });

  test.each([
    ['no payload', 'a=b'],
    ['not JSON', 'payload=%7B'],
    ['no user', form({ ...payload, user: undefined })],
    ['not a correlation id', form({ ...payload, actions: [{ action_id: 'acknowledge', value: 'x' }] })],
  ])('%s is told', (_name, body) => {
    expect(parseSlackInteraction(body).ok).toBe(false);
  });
});

describe('slack event', () => {
  const reaction = (name: string, item: object = { type: 'message', channel: 'C1', ts: '1.2' }) =>
    JSON.stringify({
      type: 'event_callback',
      event_id: 'Ev1',
      event: { type: 'reaction_added', user: 'U0ADA', reaction: name, item, event_ts: '3.4' },
    });

  test('URL verification', () => {
    const body = JSON.stringify({ token: 't', challenge: 'abc', type: 'url_verification' });
    expect(parseSlackEvent(body)).toEqual({
      ok: true,
      value: { kind: 'url_verification', challenge: 'abc' },
    });
  });

  test.each(['white_check_mark', 'heavy_check_mark', 'ballot_box_with_check'])('%s', (name) => {
    expect(parseSlackEvent(reaction(name))).toEqual({
      ok: true,
      value: { kind: 'check_mark', eventId: 'Ev1', userId: 'U0ADA', channel: 'C1', ts: '1.2' },
    });
  });

  test.each([
    ['another reaction', reaction('eyes')],
    ['on a file', reaction('white_check_mark', { type: 'file', file: 'F1' })],
    ['another event', JSON.stringify({ type: 'event_callback', event_id: 'E', event: { type: 'message' } })],
    ['another body', JSON.stringify({ type: 'app_rate_limited' })],
  ])('%s is left alone', (_name, body) => {
    expect(parseSlackEvent(body)).toEqual({ ok: true, value: { kind: 'other' } });
  });
});

describe('discord interaction', () => {
  const user = { id: '80351110224678912', username: 'ada', global_name: 'Ada' };
  const click = {
    type: 3,
    data: { component_type: 2, custom_id: `ack:${CORRELATION_ID}` },
    member: { user, nick: 'Ada L.', roles: ['41771983423143936'] },
  };

  test('PING', () => {
    expect(parseDiscordInteraction('{"type":1}')).toEqual({ ok: true, value: { kind: 'ping' } });
  });

  test('a click, in a server and in a direct message', () => {
    expect(parseDiscordInteraction(JSON.stringify(click))).toEqual({
      ok: true,
      value: {
        kind: 'acknowledge',
        correlationId: CORRELATION_ID,
        by: { provider: 'discord', id: user.id, name: 'Ada L.' },
        roles: ['41771983423143936'],
      },
    });
    const direct = parseDiscordInteraction(JSON.stringify({ type: 3, data: click.data, user }));
    expect(direct).toMatchObject({ value: { by: { name: 'Ada' }, roles: [] } });
  });

  test.each([
    ['not a correlation id', { ...click, data: { custom_id: 'ack:1' } }],
    ['nobody', { type: 3, data: click.data }],
    ['no data', { type: 3 }],
    ['no type', {}],
  ])('%s is told', (_name, body) => {
    expect(parseDiscordInteraction(JSON.stringify(body)).ok).toBe(false);
  });

  test('others are left alone', () => {
    const foreign = { ...click, data: { custom_id: 'page:2' } };
    for (const body of [{ type: 2 }, foreign]) {
      expect(parseDiscordInteraction(JSON.stringify(body))).toMatchObject({ value: { kind: 'other' } });
    }
  });

  test('roles', () => {
    expect(mayAcknowledgeInDiscord([], [])).toBe(true);
    expect(mayAcknowledgeInDiscord(['1', '2'], ['2'])).toBe(true);
    expect(mayAcknowledgeInDiscord(['1'], ['2'])).toBe(false);
  });

  test('responses', () => {
    expect(pong()).toEqual({ type: 1 });
    expect(deferredUpdate()).toEqual({ type: 6 });
    expect(updateMessage(incidentWith({ status: 'acknowledged' }))).toMatchObject({
      type: 7,
      data: { components: [], allowed_mentions: { parse: [] } },
    });
  });
});

describe('pagerduty webhook', () => {
  const webhook = (changes: object = {}, data: object = {}) =>
    JSON.stringify({
      event: {
        id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
        event_type: 'incident.acknowledged',
        resource_type: 'incident',
        occurred_at: '2026-11-23T09:10:00.000Z',
        agent: {
          id: 'PLH1HKV',
          type: 'user_reference',
          summary: 'Tenex Engineer',
          html_url: 'https://x.example',
        },
        client: null,
        data: {
          id: 'PGR0VU2',
          type: 'incident',
          incident_key: CORRELATION_ID,
          status: 'acknowledged',
          ...data,
        },
        ...changes,
      },
    });

  test.each([
    ['incident.acknowledged', 'acknowledged'],
    ['incident.resolved', 'resolved'],
  ])('%s by a person', (event_type, kind) => {
    expect(parsePagerDutyWebhook(webhook({ event_type }))).toEqual({
      ok: true,
      value: {
        kind,
        correlationId: CORRELATION_ID,
        by: { provider: 'pagerduty', id: 'PLH1HKV', name: 'Tenex Engineer' },
        byPerson: true,
        occurredAt: '2026-11-23T09:10:00.000Z',
        eventId: '5ac64822-4adc-4fda-ade0-410becf0de4f',
      },
    });
  });

  test.each([
    [
      'an integration',
      { id: 'P1', type: 'events_api_v2_inbound_integration_reference', summary: 'Orchestrator' },
    ],
    ['a timer', null],
  ])('by %s: no person', (_name, agent) => {
    expect(parsePagerDutyWebhook(webhook({ agent }))).toMatchObject({ value: { byPerson: false } });
  });

  test.each([
    ['the test event', webhook({ event_type: 'pagey.ping' })],
    ['another event', webhook({ event_type: 'incident.annotated' })],
    ['an event type of Object', webhook({ event_type: 'constructor' })],
    ["somebody else's incident", webhook({}, { incident_key: 'disk-full' })],
    ['no key', webhook({}, { incident_key: null })],
  ])('%s is left alone', (_name, body) => {
    expect(parsePagerDutyWebhook(body)).toEqual({ ok: true, value: { kind: 'other' } });
  });
});

test('no body makes a parser throw', () => {
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(body, (text) => {
      for (const parse of [
        parseSlackInteraction,
        parseSlackEvent,
        parseDiscordInteraction,
        parsePagerDutyWebhook,
      ]) {
        expect(parse(text)).toHaveProperty('ok');
      }
      expect(parseSlackInteraction(`payload=${encodeURIComponent(text.toWellFormed())}`)).toHaveProperty(
        'ok',
      );
    }),
    { numRuns: 500 },
  );
});
