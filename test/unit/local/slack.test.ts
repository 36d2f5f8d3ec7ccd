import { createHmac } from 'node:crypto';
import { LogLevel, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CORRELATION_ID, type Fixture, openFixture } from './front-fixture.ts';

const nothing = () => undefined;
const quiet = {
  ...{ debug: nothing, info: nothing, warn: nothing, error: nothing },
  ...{ setLevel: nothing, setName: nothing, getLevel: () => LogLevel.ERROR },
};

let fixture: Fixture;
let client: WebClient;
let channel: string;
beforeEach(async () => {
  fixture = await openFixture();
  const { baseUrls, secrets, channels } = fixture.front.providers;
  channel = channels.slack;
  client = new WebClient(secrets.slack.bot_token, {
    slackApiUrl: baseUrls.slack,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
  });
});
afterEach(() => fixture.close());

const metadata = { event_type: 'incident', event_payload: { correlation_id: CORRELATION_ID } };
const button = {
  type: 'button',
  action_id: 'acknowledge',
  value: CORRELATION_ID,
  text: { type: 'plain_text', text: 'Acknowledge' },
};
const blocks = [
  { type: 'header', text: { type: 'plain_text', text: 'SEV1' } },
  { type: 'actions', block_id: 'incident_actions', elements: [button] },
];
const post = async (extra: object = {}) => {
  const posted = await client.apiCall('chat.postMessage', {
    channel,
    text: 'SEV1',
    blocks,
    metadata,
    ...extra,
  });
  return posted as unknown as { ok: true; ts: string };
};

describe('Web API, through the production client', () => {
  test('a message is kept, found by its metadata, updated, and answered in its thread', async () => {
    const { ts } = await post();
    await client.apiCall('chat.postMessage', { channel, text: 'more', thread_ts: ts });
    await client.apiCall('chat.update', { channel, ts, text: 'taken', blocks: [] });

    const history = await client.conversations.history({ channel, include_all_metadata: true });
    expect(history.messages).toHaveLength(1);
    expect(history.messages?.[0]).toMatchObject({ ts, text: 'taken', metadata, edited: {} });
    const bare = await client.conversations.history({ channel });
    expect(bare.messages?.[0]?.metadata).toBeUndefined();
    const replies = await client.conversations.replies({ channel, ts });
    expect(replies.messages?.map(({ text }) => text)).toEqual(['taken', 'more']);
  });

  test('history is newest first and keeps to its bounds', async () => {
    const stamps: string[] = [];
    for (const text of ['a', 'b', 'c']) stamps.push((await post({ text })).ts);
    const [first = '', second = ''] = stamps;
    const texts = async (bounds: object) =>
      (await client.conversations.history({ channel, ...bounds })).messages?.map(({ text }) => text);
    expect(await texts({})).toEqual(['c', 'b', 'a']);
    expect(await texts({ oldest: first })).toEqual(['c', 'b']);
    expect(await texts({ oldest: first, inclusive: true, latest: second })).toEqual(['b', 'a']);
    expect(await texts({ limit: 1 })).toEqual(['c']);
  });

  test.each([
    ['channel_not_found', { channel: 'C0OTHER' }],
    ['thread_not_found', { thread_ts: '1.000001' }],
    ['msg_too_long', { text: 'x'.repeat(40_001) }],
    ['no_text', { text: '', blocks: [] }],
    ['invalid_blocks', { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }],
    ['invalid_blocks', { blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] }],
    ['invalid_blocks', { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }] }],
    ['invalid_blocks', { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '' } }] }],
    [
      'msg_blocks_too_long',
      {
        blocks: Array.from({ length: 5 }, () => ({
          type: 'section',
          text: { type: 'mrkdwn', text: 'x'.repeat(3_000) },
        })),
      },
    ],
  ])('refuses with %s', async (error, extra) => {
    await expect(post(extra)).rejects.toMatchObject({ data: { error } });
    expect(fixture.front.providers.slack.workspace.messages).toHaveLength(0);
  });

  test('refuses a wrong token, knows who is right, and which methods it has', async () => {
    const wrong = new WebClient('xoxb-wrong', {
      slackApiUrl: fixture.front.providers.baseUrls.slack,
      retryConfig: { retries: 0 },
    });
    await expect(wrong.auth.test()).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
    expect(await client.auth.test()).toMatchObject({ ok: true, user: 'incident-orchestrator' });
    await expect(client.apiCall('chat.nonsense')).rejects.toMatchObject({
      data: { error: 'unknown_method' },
    });
    expect(await client.usergroups.users.list({ usergroup: 'S0ONCALL1' })).toMatchObject({ ok: true });
  });

  test('rate limits as Slack does when told to', async () => {
    await fixture.send('PUT', '/sim/slack/fault', { status: 429, headers: { 'Retry-After': '7' }, times: 1 });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 });
    expect(await post()).toMatchObject({ ok: true });
  });
});

describe('callbacks', () => {
  const click = () =>
    fixture.send('POST', '/sim/slack/click', { correlation_id: CORRELATION_ID, user: 'ada' });

  test('a click sends the button of the message, signed', async () => {
    const { ts } = await post();
    expect(await click()).toMatchObject({ status: 200, json: { ok: true } });

    const [call] = fixture.calls;
    const payload: unknown = JSON.parse(new URLSearchParams(call?.body.toString()).get('payload') ?? '');
    expect(call?.url).toBe('/_aws/execute-api/abc/$default/slack/interactions');
    expect(payload).toMatchObject({
      type: 'block_actions',
      user: { name: 'ada' },
      channel: { id: channel },
      container: { message_ts: ts },
      actions: [{ action_id: 'acknowledge', value: CORRELATION_ID, block_id: 'incident_actions' }],
    });
    const stamp = String(call?.headers['x-slack-request-timestamp']);
    const key = fixture.front.providers.secrets.slack.signing_secret;
    const expected = createHmac('sha256', key)
      .update(`v0:${stamp}:${call?.body.toString() ?? ''}`)
      .digest('hex');
    expect(call?.headers['x-slack-signature']).toBe(`v0=${expected}`);
  });

  test('there is nothing to click before the message, and after its button is gone', async () => {
    expect(await click()).toMatchObject({
      status: 404,
      json: { detail: `Slack has no message of ${CORRELATION_ID}.` },
    });
    const { ts } = await post();
    await client.apiCall('chat.update', { channel, ts, text: 'taken', blocks: [blocks[0]] });
    const gone = await click();
    expect(gone.status).toBe(404);
    expect(gone.json['detail']).toContain('no button');
    expect(fixture.calls).toHaveLength(0);
  });

  test('the app may answer by the response_url, a few times', async () => {
    await post();
    await click();
    const payload = new URLSearchParams(fixture.calls[0]?.body.toString()).get('payload') ?? '{}';
    const { response_url: url } = JSON.parse(payload) as { response_url: string };
    const answer = () =>
      fetch(url, {
        method: 'POST',
        body: JSON.stringify({ text: 'Already taken', replace_original: false }),
      });
    for (let use = 0; use < 5; use += 1) expect((await answer()).status).toBe(200);
    expect((await answer()).status).toBe(404);
    expect(fixture.front.providers.slack.workspace.ephemerals[0]?.text).toBe('Already taken');
  });

  test('a reaction comes as an event, and shows on the message', async () => {
    const { ts } = await post();
    await fixture.send('POST', '/sim/slack/react', { correlation_id: CORRELATION_ID, user: 'U0ADA00001' });
    const event: unknown = JSON.parse(fixture.calls[0]?.body.toString() ?? '');
    expect(event).toMatchObject({
      type: 'event_callback',
      event: {
        type: 'reaction_added',
        reaction: 'white_check_mark',
        user: 'U0ADA00001',
        item: { channel, ts },
      },
    });
    const { messages } = await client.conversations.history({ channel });
    expect(messages?.[0]?.reactions).toEqual([{ name: 'white_check_mark', users: ['U0ADA00001'], count: 1 }]);
  });
});
