import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { footerOf } from '../../lambdas/channels/discord/message.ts';
import type { Channel } from '../../lambdas/domain/ports.ts';
import { attempt, describeChannelContract } from './channel-contract.ts';
import { discordKit, DiscordModel } from './support/discord-kit.ts';
import { FACTS, incidentWith } from './support/incident.ts';
import { ProviderServer } from './support/provider-server.ts';

describeChannelContract(discordKit);

describe('discord: messages, threads and look-ups', () => {
  const context = { incident: incidentWith(), delivery: 'discord' } as const;
  let server: ProviderServer;
  let model: DiscordModel;
  let channel: Channel;
  beforeAll(async () => {
    server = await ProviderServer.start(new DiscordModel());
  });
  afterAll(() => server.close());
  beforeEach(() => {
    model = new DiscordModel();
    server.play(model);
    channel = discordKit.channel(server.url, 500);
  });
  const sent = (index: number) =>
    JSON.parse(server.requests.at(index)?.body ?? 'null') as Record<string, unknown>;

  test('a message mentions nobody and has an enforced nonce of at most 25 characters', async () => {
    await channel.notify(context);
    expect(sent(0)).toMatchObject({ allowed_mentions: { parse: [] }, enforce_nonce: true });
    expect(sent(0)['nonce']).toMatch(/^[\w-]{25}$/);
    expect(server.requests[0]?.headers['user-agent']).toMatch(/^DiscordBot \(.+, .+\)$/);
  });

  test.each([
    ['in the body', { retry_after: 0.75 }, undefined, 0.75],
    ['the longer of both', { retry_after: 2.5 }, '2', 2.5],
    ['of the global limit', { retry_after: 64.57, global: true }, '65', 65],
    ['in the header alone, as Cloudflare says it', undefined, '120', 120],
  ])('retry_after %s', async (_name, body, header, seconds) => {
    const headers = header === undefined ? {} : { 'retry-after': header };
    const limited = { status: 429, headers, body: body ?? '<html>error code: 1015</html>' };
    server.next({ kind: 'reply', reply: limited });
    await expect(channel.notify(context)).rejects.toMatchObject({ retryAfterSeconds: seconds });
  });

  test('long after, when the nonce is forgotten, the message is found by its footer', async () => {
    const first = await channel.notify(context);
    model.forgetNonces();
    for (let i = 0; i < 150; i += 1) model.add({});
    await expect(attempt(channel, context, true)).resolves.toEqual(first);
    expect(model.shown()).toBe(151);
  });

  test("people's and webhooks' messages with that footer are not ours", async () => {
    const embeds = [{ footer: { text: footerOf(context.incident) } }];
    model.add({ embeds });
    model.add({ embeds, author: { bot: true }, webhook_id: '1' });
    await expect(channel.find?.(context)).resolves.toBeUndefined();
  });

  test('an edit takes the button away and mentions nobody', async () => {
    const reference = await channel.notify(context);
    const incident = incidentWith({ status: 'acknowledged', facts: [FACTS.accepted, FACTS.acknowledged] });
    await channel.update?.({ ...context, incident }, reference);
    expect(server.requests.at(-1)?.method).toBe('PATCH');
    expect(sent(-1)).toMatchObject({ components: [], allowed_mentions: { parse: [] } });
    expect(JSON.stringify(sent(-1))).toContain('Acknowledged by Ada Lovelace in Slack after 42 s.');
  });

  test('an edit of a deleted message is given up', async () => {
    const gone = { channel_id: '1180000000000000010', message_id: '1' };
    await expect(channel.update?.(context, gone)).rejects.toMatchObject({ kind: 'permanent' });
    expect(server.requests).toHaveLength(1);
  });

  test('facts go to one thread, each once, though an answer was lost and the nonce forgotten', async () => {
    const reference = await channel.notify(context);
    const thread = reference['message_id'] ?? '';
    const told = () => model.messages.filter((message) => message.channel === thread).length;
    await channel.tell?.(context, reference, FACTS.ticket, 1);
    expect([...model.threads]).toEqual([thread]);
    expect(told()).toBe(1);
    await channel.tell?.(context, reference, FACTS.ticket, 1);
    expect(told()).toBe(1);
    model.forgetNonces();
    await channel.tell?.(context, reference, FACTS.ticket, 1);
    await channel.tell?.(context, reference, FACTS.resolved, 2);
    expect(told()).toBe(2);
    expect(model.threads.size).toBe(1);
  });

  test('a thread that cannot be started is no success', async () => {
    const reference = await channel.notify(context);
    server.next({
      kind: 'reply',
      reply: { status: 403, body: { code: 50_013, message: 'Missing Permissions' } },
    });
    await expect(channel.tell?.(context, reference, FACTS.ticket, 1)).rejects.toMatchObject({
      kind: 'permanent',
      message: expect.stringContaining('50013 Missing Permissions') as string,
    });
  });
});
