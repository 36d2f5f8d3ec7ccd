import { createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NONCE_MS } from '../../../bin/local/simulators/discord-guild.ts';
import { CORRELATION_ID, type Fixture, openFixture } from './front-fixture.ts';

let fixture: Fixture;
let answer: object;
beforeEach(async () => {
  answer = { type: 6 };
  fixture = await openFixture(() => ({ status: 200, body: JSON.stringify(answer) }));
});
afterEach(async () => {
  vi.useRealTimers();
  await fixture.close();
});

const rest = (method: string, path: string, body?: unknown, token?: string) => {
  const { secrets } = fixture.front.providers;
  const headers = { authorization: `Bot ${token ?? secrets.discord.bot_token}` };
  return fixture.send(method, `/providers/discord/api/v10/${path}`, body, headers);
};
const messages = () => `channels/${fixture.front.providers.channels.discord}/messages`;
const message = {
  embeds: [{ title: 'SEV1', footer: { text: `Correlation id ${CORRELATION_ID}` } }],
  components: [
    {
      type: 1,
      components: [{ type: 2, style: 1, label: 'Acknowledge', custom_id: `ack:${CORRELATION_ID}` }],
    },
  ],
  allowed_mentions: { parse: [] },
};
const click = () =>
  fixture.send('POST', '/sim/discord/click', {
    correlation_id: CORRELATION_ID,
    user: { id: '42', name: 'ada', roles: ['7'] },
  });

describe('REST API', () => {
  test('the same nonce within minutes returns the first message', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const first = await rest('POST', messages(), { ...message, nonce: 'n1', enforce_nonce: true });
    const again = await rest('POST', messages(), {
      ...message,
      content: 'other',
      nonce: 'n1',
      enforce_nonce: true,
    });
    expect(again.json['id']).toBe(first.json['id']);
    const unenforced = await rest('POST', messages(), { ...message, nonce: 'n1' });
    expect(unenforced.json['id']).not.toBe(first.json['id']);
    vi.advanceTimersByTime(NONCE_MS + 1);
    const later = await rest('POST', messages(), { ...message, nonce: 'n1', enforce_nonce: true });
    expect(later.json['id']).not.toBe(first.json['id']);
  });

  test('a message is edited, read, listed, and has a thread of its own id', async () => {
    const { json } = await rest('POST', messages(), message);
    const id = String(json['id']);
    expect(await rest('PATCH', `${messages()}/${id}`, { components: [] })).toMatchObject({
      status: 200,
      json: { components: [], embeds: message.embeds },
    });
    expect((await rest('POST', `${messages()}/${id}/threads`, { name: 'SEV1' })).json).toMatchObject({ id });
    expect((await rest('POST', `${messages()}/${id}/threads`, { name: 'SEV1' })).json).toMatchObject({
      code: 160004,
    });
    expect(await rest('POST', `channels/${id}/messages`, { content: 'in the thread' })).toMatchObject({
      status: 200,
    });
    expect((await rest('GET', `${messages()}?limit=5`)).json['list']).toHaveLength(1);
    expect((await rest('GET', `${messages()}/${id}`)).json).toMatchObject({
      edited_timestamp: expect.any(String) as string,
    });
  });

  test.each([
    ['content', { content: 'x'.repeat(2_001) }, 50035],
    ['embeds', { embeds: [{ description: 'x'.repeat(4_000) }, { description: 'x'.repeat(2_001) }] }, 50035],
    [
      'custom_id',
      {
        components: [
          { type: 1, components: [{ type: 2, style: 1, label: 'x', custom_id: 'x'.repeat(101) }] },
        ],
      },
      50035,
    ],
    ['an empty field', { embeds: [{ fields: [{ name: '', value: 'x' }] }] }, 50035],
    ['a long nonce', { content: 'x', nonce: 'x'.repeat(26) }, 50035],
    ['nothing to show', { content: '' }, 50006],
  ])('refuses %s over its limit', async (_what, body, code) => {
    const refused = await rest('POST', messages(), body);
    expect(refused).toMatchObject({ status: 400, json: { code } });
    expect(fixture.front.providers.discord.guild.messages).toHaveLength(0);
  });

  test('refuses strangers and what is not there', async () => {
    expect(await rest('GET', 'users/@me', undefined, 'wrong')).toMatchObject({
      status: 401,
      json: { code: 0 },
    });
    expect(await rest('POST', 'channels/1/messages', message)).toMatchObject({
      status: 404,
      json: { code: 10003 },
    });
    expect(await rest('PATCH', `${messages()}/1`, message)).toMatchObject({
      status: 404,
      json: { code: 10008 },
    });
    expect(await rest('GET', 'users/@me')).toMatchObject({ status: 200, json: { bot: true } });
  });
});

describe('interactions', () => {
  test('a click is signed with the key of this run', async () => {
    await rest('POST', messages(), message);
    expect(await click()).toMatchObject({ status: 200, json: { type: 6 } });
    const [call] = fixture.calls;
    const x = Buffer.from(fixture.front.providers.secrets.discord.public_key, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const signed = Buffer.from(
      String(call?.headers['x-signature-timestamp']) + String(call?.body.toString()),
    );
    expect(verify(null, signed, key, Buffer.from(String(call?.headers['x-signature-ed25519']), 'hex'))).toBe(
      true,
    );
    expect(JSON.parse(String(call?.body.toString()))).toMatchObject({
      type: 3,
      data: { custom_id: `ack:${CORRELATION_ID}`, component_type: 2 },
      member: { user: { id: '42', username: 'ada' }, roles: ['7'] },
    });
  });

  test('an update replaces the message, and then there is no button to press', async () => {
    await rest('POST', messages(), message);
    answer = { type: 7, data: { content: 'Acknowledged', components: [] } };
    await click();
    expect(fixture.front.providers.discord.guild.messages[0]).toMatchObject({
      content: 'Acknowledged',
      components: [],
    });
    expect((await click()).status).toBe(404);
  });

  test('an ephemeral answer is shown to that person alone', async () => {
    await rest('POST', messages(), message);
    answer = { type: 4, data: { content: 'Ada was first', flags: 64 } };
    await click();
    const { guild } = fixture.front.providers.discord;
    expect(guild.ephemerals).toMatchObject([{ user: '42', content: 'Ada was first' }]);
    expect(guild.messages).toHaveLength(1);
  });

  test('a deferred answer may be edited afterwards by the token alone', async () => {
    await rest('POST', messages(), message);
    await click();
    const { application_id: app, token } = JSON.parse(String(fixture.calls[0]?.body.toString())) as Record<
      string,
      string
    >;
    const path = `/providers/discord/api/v10/webhooks/${String(app)}/${String(token)}`;
    expect(await fixture.send('PATCH', `${path}/messages/@original`, { content: 'Taken' })).toMatchObject({
      status: 200,
    });
    expect(await fixture.send('POST', path, { content: 'psst', flags: 64 })).toMatchObject({ status: 200 });
    expect(fixture.front.providers.discord.guild.messages).toMatchObject([{ content: 'Taken' }]);
    expect(await fixture.send('POST', `${path}x`, { content: 'psst' })).toMatchObject({ status: 404 });
  });
});
