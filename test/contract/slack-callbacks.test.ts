import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SlackCallbackClient } from '../../lambdas/channels/slack/callback-client.ts';
import { CORRELATION_ID } from './support/incident.ts';
import { type ProviderModel, ProviderServer, type Reply } from './support/provider-server.ts';

const TOKEN = 'xoxb-callback-token-0123456789';
const MESSAGE = {
  ts: '1700000000.000100',
  bot_id: 'B0BOT',
  metadata: { event_type: 'incident', event_payload: { correlation_id: CORRELATION_ID } },
};

/** Says the same whatever it is asked. */
const saying = (body: object | string, status = 200): ProviderModel => ({
  handle: (): Reply => ({ status, body }),
  shown: () => 0,
});

describe('slack: what answering a click needs', () => {
  let server: ProviderServer;
  let client: SlackCallbackClient;
  beforeAll(async () => {
    server = await ProviderServer.start(saying({ ok: true }));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    client = new SlackCallbackClient({ token: TOKEN, baseUrl: `${server.url}/api/`, timeoutMs: 150 });
  });

  test('members of a user group', async () => {
    server.play(saying({ ok: true, users: ['U1', 'U2'] }));
    await expect(client.membersOf('S1')).resolves.toEqual(['U1', 'U2']);
    expect(server.requests[0]).toMatchObject({
      path: '/api/usergroups.users.list',
      body: 'usergroup=S1',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
  });

  test.each([
    [{ ok: false, error: 'no_such_subteam' }, 200, 'permanent'],
    [{ ok: false, error: 'internal_error' }, 200, 'retryable'],
    ['garbage', 200, 'retryable'],
    ['down', 503, 'retryable'],
  ])('members, when Slack says %j', async (body, status, kind) => {
    server.play(saying(body, status));
    await expect(client.membersOf('S1')).rejects.toMatchObject({ name: 'DeliveryError', kind });
  });

  test('a name, or the id when it cannot be learned', async () => {
    const profile = { display_name: '' };
    server.play(saying({ ok: true, user: { name: 'ada', real_name: 'Ada Lovelace', profile } }));
    await expect(client.nameOf('U0ADA')).resolves.toBe('Ada Lovelace');
    server.play(saying({ ok: false, error: 'missing_scope' }));
    await expect(client.nameOf('U0ADA')).resolves.toBe('U0ADA');
    server.next({ kind: 'hang' });
    await expect(client.nameOf('U0ADA')).resolves.toBe('U0ADA');
  });

  test('the incident that a message shows', async () => {
    server.play(saying({ ok: true, messages: [MESSAGE] }));
    await expect(client.incidentOf({ channel: 'C1', ts: MESSAGE.ts })).resolves.toBe(CORRELATION_ID);
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
      ...{ channel: 'C1', oldest: MESSAGE.ts, latest: MESSAGE.ts },
      ...{ inclusive: 'true', limit: '1', include_all_metadata: 'true' },
    });
  });

  test.each([
    ["a person's", [{ ...MESSAGE, bot_id: undefined }]],
    ['one without metadata', [{ ts: MESSAGE.ts, bot_id: 'B0BOT' }]],
    ['another one', [{ ...MESSAGE, ts: '1.0' }]],
    ['none', []],
  ])('%s shows no incident', async (_name, messages) => {
    server.play(saying({ ok: true, messages }));
    await expect(client.incidentOf({ channel: 'C1', ts: MESSAGE.ts })).resolves.toBeUndefined();
  });

  test('a private answer mentions nobody, and its address is in no error', async () => {
    server.play(saying('ok'));
    const url = `${server.url}/actions/T1/secretpart`;
    await client.answerPrivately(url, 'taken by <!channel>');
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      ...{ response_type: 'ephemeral', replace_original: false },
      text: 'taken by &lt;!channel&gt;',
    });
    server.next({ kind: 'reply', reply: { status: 404, body: url } });
    const refused: unknown = await client.answerPrivately(url, 'x').catch((error: unknown) => error);
    const deaf: unknown = await client
      .answerPrivately('http://127.0.0.1:1/secretpart', 'x')
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'permanent' });
    expect(deaf).toMatchObject({ kind: 'retryable' });
    expect(inspect([refused, deaf], { depth: 10 })).not.toContain('secretpart');
  });
});
