import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Input } from '../../../bin/ops/cli/input.ts';
import { checkDiscord } from '../../../bin/ops/configure/check-discord.ts';
import { checkPagerDuty } from '../../../bin/ops/configure/check-pagerduty.ts';
import { checkSlack } from '../../../bin/ops/configure/check-slack.ts';
import { checkZapier } from '../../../bin/ops/configure/check-zapier.ts';
import { gather } from '../../../bin/ops/configure/gather.ts';
import { PROVIDER_SECRETS } from '../../../bin/ops/configure/provider-secrets.ts';
import { textOf, terminalWith } from './support.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A provider that answers every request alike, with what it was sent. */
async function provider(status: number, body: unknown, headers: Record<string, string> = {}) {
  const received: { path: string; body: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      received.push({ path: request.url ?? '', body: text, authorization: request.headers.authorization });
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const SLACK = { bot_token: 'xoxb-1-secret', signing_secret: '0123456789abcdef0123456789abcdef' };

describe('a Slack secret', () => {
  const answer = { ok: true, user: 'bot', team: 'acme' };

  it('is shown to auth.test', async () => {
    const { url, received } = await provider(200, answer, { 'x-oauth-scopes': 'chat:write,groups:history' });
    expect((await checkSlack(SLACK, `${url}/api/`)).map(({ ok }) => ok)).toEqual([true, true]);
    expect(received).toMatchObject([{ path: '/api/auth.test', authorization: 'Bearer xoxb-1-secret' }]);
  });

  it('with a token that Slack refuses is bad', async () => {
    const { url } = await provider(200, { ok: false, error: 'invalid_auth' });
    expect(await checkSlack(SLACK, `${url}/`)).toContainEqual({
      ok: false,
      found: 'slack auth.test: invalid_auth',
    });
  });

  it('without a scope that the worker needs is bad, and says which', async () => {
    const { url } = await provider(200, answer, { 'x-oauth-scopes': 'chat:write' });
    const [check] = await checkSlack(SLACK, `${url}/`);
    expect(check).toMatchObject({ ok: false });
    expect(check?.found).toContain('channels:history or groups:history');
  });

  it('never shows up in what is found', async () => {
    const found = await checkSlack({ ...SLACK, signing_secret: 'not-hex-at-all' }, 'http://127.0.0.1:1/');
    expect(found.map(({ ok }) => ok)).toEqual([false, false]);
    expect(JSON.stringify(found)).not.toMatch(/xoxb-1-secret|not-hex-at-all/);
  });
});

describe('a Discord secret', () => {
  const secret = { bot_token: 'bot-token-secret', public_key: 'A'.repeat(64) };

  it('is good when Discord knows the bot, its application and the channel', async () => {
    const { url, received } = await provider(200, { username: 'bot', verify_key: 'a'.repeat(64) });
    const checks = await checkDiscord(secret, { baseUrl: url, channelId: '123' });
    expect(checks.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(received.map(({ path }) => path)).toEqual(['/users/@me', '/applications/@me', '/channels/123']);
  });

  it('with the public key of another application is bad', async () => {
    const { url } = await provider(200, { username: 'bot', verify_key: 'b'.repeat(64) });
    const checks = await checkDiscord(secret, { baseUrl: url, channelId: '123' });
    expect(checks.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  it('whose token is refused is asked about once: refusals count towards a ban', async () => {
    const { url, received } = await provider(401, { message: '401: Unauthorized', code: 0 });
    expect(await checkDiscord(secret, { baseUrl: url, channelId: '123' })).toMatchObject([{ ok: false }]);
    expect(received).toHaveLength(1);
  });
});

describe('a PagerDuty secret', () => {
  const secret = { routing_key: 'k'.repeat(32), webhook_secrets: [] };

  it('is checked without paging anybody: the only event is a resolution of nothing', async () => {
    const { url, received } = await provider(202, { status: 'success' });
    expect((await checkPagerDuty(secret, url))[0]).toMatchObject({ ok: true });
    const events = received.map(({ body }) => JSON.parse(body) as Record<string, string>);
    expect(events).toMatchObject([{ event_action: 'resolve', routing_key: secret.routing_key }]);
    expect(events[0]?.['dedup_key']).toMatch(/^configure-check-[0-9a-f-]{36}$/);
  });

  it('that PagerDuty refuses is bad, without the key in the words', async () => {
    const { url } = await provider(400, { errors: ['Invalid routing key'] });
    const [check] = await checkPagerDuty(secret, url);
    expect(check).toEqual({
      ok: false,
      found: 'pagerduty refuses routing_key: HTTP 400: Invalid routing key',
    });
  });
});

describe('a Zapier secret', () => {
  const HOOK = 'https://hooks.zapier.com/hooks/catch/123/abc/';
  const OTHER = 'https://hooks.zapier.com/hooks/catch/123/def';
  const check = (jira_hook_url: string, finance_hook_url = OTHER) =>
    checkZapier({ jira_hook_url, finance_hook_url }).filter(({ ok }) => !ok).length;

  it.each([
    [HOOK, 0],
    ['http://127.0.0.1:4010/providers/zapier/hooks/catch/1/jira/', 0],
    ['http://hooks.zapier.com/hooks/catch/123/abc/', 1],
    ['https://hooks.zapier.example/hooks/catch/123/abc/', 1],
    ['https://hooks.zapier.com/hooks/standard/123/', 1],
    ['https://hooks.zapier.com/', 1],
  ])('of %s has %i faults', (url, faults) => {
    expect(check(url)).toBe(faults);
  });

  it('must not send both to one Zap', () => {
    expect(check(HOOK, HOOK)).toBe(1);
  });
});

describe('what is entered', () => {
  const { pagerduty, slack } = PROVIDER_SECRETS;
  const set = (...values: string[]) => new Input({ set: values });
  const present = { routing_key: 'old', webhook_secrets: ['a'] };

  it('by --set replaces members, and += adds to lists', async () => {
    const given = await gather(
      'pagerduty',
      pagerduty,
      present,
      set('webhook_secrets+=b, c'),
      terminalWith(''),
    );
    expect(given).toEqual({ webhook_secrets: ['a', 'b', 'c'] });
    const replaced = await gather(
      'pagerduty',
      pagerduty,
      present,
      set('webhook_secrets=b'),
      terminalWith(''),
    );
    expect(replaced).toEqual({ webhook_secrets: ['b'] });
  });

  it.each([['nothing'], ['nope=1'], ['bot_token+=x']])('by --set %s is refused', async (text) => {
    await expect(gather('slack', slack, {}, set(text), terminalWith(''))).rejects.toMatchObject({
      name: 'UsageError',
    });
  });

  it('by --stdin is a JSON object of its members', async () => {
    const input = new Input({ stdin: true });
    expect(await gather('slack', slack, {}, input, terminalWith('{"bot_token":"x"}'))).toEqual({
      bot_token: 'x',
    });
    await expect(gather('slack', slack, {}, input, terminalWith('x'))).rejects.toThrow('no JSON object');
    await expect(gather('slack', slack, {}, input, terminalWith('{"token":"x"}'))).rejects.toThrow(
      'no token',
    );
  });

  it('where nobody can be asked is asked for', async () => {
    await expect(gather('slack', slack, {}, new Input({}), terminalWith(''))).rejects.toThrow(
      '--stdin, --set or --check',
    );
  });
});
