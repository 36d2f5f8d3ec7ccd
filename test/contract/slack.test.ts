import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../lambdas/domain/ports.ts';
import { attempt, describeChannelContract } from './channel-contract.ts';
import { CORRELATION_ID, FACTS, incidentWith } from './support/incident.ts';
import { ProviderServer } from './support/provider-server.ts';
import { slackKit, SlackModel } from './support/slack-kit.ts';

describeChannelContract(slackKit);

describe('slack: messages, threads and look-ups', () => {
  const context = { incident: incidentWith(), delivery: 'slack' } as const;
  const metadata = { event_type: 'incident', event_payload: { correlation_id: CORRELATION_ID } };
  let server: ProviderServer;
  let model: SlackModel;
  let channel: Channel;
  beforeAll(async () => {
    server = await ProviderServer.start(new SlackModel());
  });
  afterAll(() => server.close());
  beforeEach(() => {
    model = new SlackModel();
    server.play(model);
    channel = slackKit.channel(server.url, 500);
  });
  const form = (index: number) => new URLSearchParams(server.requests.at(index)?.body);
  const methods = () => server.requests.map(({ path }) => path.replace('/api/', ''));

  test('a post can mention nobody and unfurls nothing', async () => {
    await channel.notify(context);
    expect(Object.fromEntries(form(0))).toMatchObject({
      parse: 'none',
      link_names: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
      metadata: JSON.stringify(metadata),
    });
  });

  test('finds its own message among others, on the second page too', async () => {
    const sent = await channel.notify(context);
    for (let i = 0; i < 250; i += 1) model.add({});
    await expect(channel.find?.(context)).resolves.toEqual(sent);
    expect(methods()).toEqual([
      'chat.postMessage',
      'conversations.history',
      'conversations.history',
      'auth.test',
    ]);
  });

  test("another app's message with the same metadata is not ours", async () => {
    model.add({ metadata, bot_id: 'B0OTHER' });
    await expect(channel.find?.(context)).resolves.toBeUndefined();
  });

  test('a message from before the incident is not looked at', async () => {
    model.add({ metadata, bot_id: 'B0BOT', ts: '1.000000' });
    await expect(channel.find?.(context)).resolves.toBeUndefined();
  });

  test('a missing history scope risks a duplicate rather than silence', async () => {
    server.next({ kind: 'reply', reply: { status: 200, body: { ok: false, error: 'missing_scope' } } });
    await attempt(channel, context, true);
    expect(model.shown()).toBe(1);
  });

  test('a failing look-up is retried, not skipped', async () => {
    server.next({ kind: 'reply', reply: { status: 503 } });
    await expect(attempt(channel, context, true)).rejects.toMatchObject({ kind: 'retryable' });
    expect(model.shown()).toBe(0);
  });

  test('an update shows who acknowledged, and takes the button away', async () => {
    const reference = await channel.notify(context);
    const incident = incidentWith({ status: 'acknowledged', facts: [FACTS.accepted, FACTS.acknowledged] });
    await channel.update?.({ ...context, incident }, reference);
    expect(methods().at(-1)).toBe('chat.update');
    const update = form(-1);
    expect(update.get('ts')).toBe(reference['ts']);
    expect(update.get('blocks')).toContain('Acknowledged by Ada Lovelace in Slack after 42 s.');
    expect(update.get('blocks')).not.toContain('"actions"');
  });

  test.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])(
    'an update refused with %s is given up',
    async (error) => {
      const reference = await channel.notify(context);
      server.next({ kind: 'reply', reply: { status: 200, body: { ok: false, error } } });
      await expect(channel.update?.(context, reference)).rejects.toMatchObject({ kind: 'permanent' });
    },
  );

  test('a fact is told in the thread, once, though the first answer was lost', async () => {
    const reference = await channel.notify(context);
    server.next({ kind: 'reply', reply: { status: 200, body: { ok: true, messages: [] } } });
    server.next({ kind: 'lost', how: 'reset' });
    await expect(channel.tell?.(context, reference, FACTS.ticket, 1)).rejects.toMatchObject({
      kind: 'retryable',
    });
    await channel.tell?.(context, reference, FACTS.ticket, 1);
    await channel.tell?.(context, reference, FACTS.resolved, 2);
    const told = model.messages.filter(({ thread_ts }) => thread_ts === reference['ts']);
    expect(told.map(({ metadata: data }) => data)).toEqual(
      [1, 2].map((fact) => ({
        event_type: 'incident_fact',
        event_payload: { correlation_id: CORRELATION_ID, fact },
      })),
    );
  });
});
