import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFront } from '../../../bin/local/front.ts';
import { CORRELATION_ID, type Fixture, openFixture } from './front-fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture((call) => ({
    status: call.url.includes('/incidents') ? 202 : 200,
    body: '{"ok":true}',
  }));
});
afterEach(() => fixture.close());

const hook = '/providers/zapier/hooks/catch/100001/jira/';
const requests = async () =>
  (await fixture.send('GET', '/sim/zapier/requests')).json['list'] as Record<string, unknown>[];

describe('the API behind it', () => {
  test('gets path, query, headers and body as they came, and is answered with its own words', async () => {
    const body = '{"a": "é\\u0000"}  ';
    const answer = await fixture.send('POST', '/events/incidents?a=%2F&a=b%20c', body, {
      'X-Odd': 'Yes',
      authorization: 'Bearer x',
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('x-from')).toBe('api');
    expect(answer.headers.get('cache-control')).toBeNull();
    const [call] = fixture.calls;
    expect(call).toMatchObject({
      method: 'POST',
      url: '/_aws/execute-api/abc/$default/events/incidents?a=%2F&a=b%20c',
    });
    expect(call?.headers).toMatchObject({ 'x-odd': 'Yes', authorization: 'Bearer x' });
    expect(call?.body.toString()).toBe(body);
  });

  test('is not there before it is deployed', async () => {
    const early = await openFront({ port: 0, run: () => ({}) });
    expect((await fetch(`${early.url}/healthz`)).status).toBe(503);
    expect((await fetch(`${early.url}/events/incidents`, { method: 'POST' })).status).toBe(503);
    await early.close();
  });

  test('health is 200 once it is ready', async () => {
    expect(await fixture.send('GET', '/healthz')).toMatchObject({ status: 200, json: { status: 'ready' } });
  });
});

describe('controls', () => {
  test('what a provider received can be read and forgotten', async () => {
    await fixture.send('POST', `${hook}?x=1`, { correlation_id: CORRELATION_ID });
    expect(await requests()).toMatchObject([
      {
        at: expect.any(String) as string,
        method: 'POST',
        path: '/hooks/catch/100001/jira/?x=1',
        headers: { 'content-type': 'application/json' },
        body: { correlation_id: CORRELATION_ID },
        status: 200,
      },
    ]);
    expect((await fixture.send('DELETE', '/sim/zapier/requests')).status).toBe(204);
    expect(await requests()).toEqual([]);
  });

  test('a fault befalls as many requests as it says', async () => {
    const fault = { status: 503, headers: { 'x-why': 'test' }, body: { no: true }, times: 2 };
    await fixture.send('PUT', '/sim/zapier/fault', fault);
    const answers = [];
    for (let call = 0; call < 3; call += 1) answers.push(await fixture.send('POST', hook, {}));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(answers[0]?.headers.get('x-why')).toBe('test');
    expect(answers[0]?.json).toEqual({ no: true });
    expect((await requests()).map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(fixture.front.providers.zapier.caught).toHaveLength(1);
  });

  test('a fault may befall one path alone, or come after the work was done', async () => {
    await fixture.send('PUT', '/sim/zapier/fault', { status: 500, path: '/finance/', accept: true });
    expect((await fixture.send('POST', hook, {})).status).toBe(200);
    expect((await fixture.send('POST', hook.replace('jira', 'finance'), {})).status).toBe(500);
    expect(fixture.front.providers.zapier.caught).toHaveLength(2);
    await fixture.send('DELETE', '/sim/zapier/fault');
    expect((await fixture.send('POST', hook.replace('jira', 'finance'), {})).status).toBe(200);
  });

  test('a provider that hangs never answers, and says so', async () => {
    await fixture.send('PUT', '/sim/zapier/fault', { hang: true });
    const hung = fetch(fixture.front.url + hook, {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(150),
    });
    await expect(hung).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await requests()).toMatchObject([{ status: null }]);
  });

  test('a Zap finishes by calling back', async () => {
    await fixture.send('POST', hook, { correlation_id: CORRELATION_ID });
    await fixture.send('POST', '/sim/zapier/finish', { correlation_id: CORRELATION_ID, zap: 'jira' });
    const {
      callback_tokens: [token],
    } = fixture.front.providers.secrets.zapier;
    expect(fixture.calls[0]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(JSON.parse(String(fixture.calls[0]?.body))).toMatchObject({
      correlation_id: CORRELATION_ID,
      kind: 'jira',
      id: 'OPS-1',
    });
  });
});

describe('bad input', () => {
  test.each([
    ['PUT', '/sim/slack/fault', { status: 99 }, 422],
    ['PUT', '/sim/slack/fault', { nonsense: 1 }, 422],
    ['PUT', '/sim/slack/fault', { headers: { 'bad name': 'x' } }, 422],
    ['PUT', '/sim/slack/fault', '{', 422],
    ['POST', '/sim/slack/click', undefined, 422],
    ['POST', '/sim/slack/click', { correlation_id: 'x' }, 422],
    ['POST', '/sim/discord/click', { correlation_id: 'x', user: '' }, 422],
    ['POST', '/sim/discord/click', { correlation_id: 'nobody', user: 'ada' }, 404],
    ['PATCH', '/sim/slack/fault', {}, 405],
    ['GET', '/sim/teams/requests', undefined, 404],
    ['GET', '/sim/slack/nothing', undefined, 404],
    ['GET', '/nothing', undefined, 404],
    ['POST', '/', {}, 404],
    ['GET', '/console/../package.json', undefined, 404],
    ['GET', '/console/%2e%2e%2fstart.ts', undefined, 404],
  ])('%s %s is told what is wrong', async (method, path, body, status) => {
    const answer = await fixture.send(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ status, title: expect.any(String) as string });
  });

  test('names each wrong field', async () => {
    const { json } = await fixture.send('POST', '/sim/slack/click', { user: 1 });
    expect(json['errors']).toMatchObject([{ field: 'correlation_id' }, { field: 'user' }]);
  });

  test('more than API Gateway takes is refused, and the front goes on', async () => {
    const answer = await fixture.send('POST', '/events/incidents', 'x'.repeat(10 * 1024 * 1024 + 1));
    expect(answer.status).toBe(413);
    expect(fixture.calls).toHaveLength(0);
    expect((await fixture.send('GET', '/healthz')).status).toBe(200);
  });

  test('what is not HTTP is hung up on', async () => {
    const socket = connect(fixture.front.port, '127.0.0.1');
    socket.write('\u0016\u0003\u0001 nonsense\r\n\r\n');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toContain('400 Bad Request');
    await once(socket, 'close');
    expect((await fixture.send('GET', '/healthz')).status).toBe(200);
  });
});

test('other sites neither read the console nor press its buttons', async () => {
  const from = (origin: string) => fixture.send('POST', '/sim/slack/click', {}, { origin });
  expect((await from('https://evil.example')).status).toBe(403);
  expect((await from(fixture.front.url)).status).toBe(422);
  const page = await fixture.send('GET', '/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('a port that is taken is told plainly', async () => {
  await expect(openFront({ port: fixture.front.port, run: () => ({}) })).rejects.toMatchObject({
    name: 'LocalRunError',
    message: expect.stringContaining(`Port ${fixture.front.port}`) as string,
    advice: expect.stringContaining('PORT=') as string,
  });
});

test('the feed starts with everything, then tells what changed', async () => {
  const stop = new AbortController();
  const feed = await fetch(`${fixture.front.url}/console/feed`, { signal: stop.signal });
  const reader = feed.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  const until = async (text: string) => {
    while (!seen.includes(text)) seen += (await reader?.read())?.value ?? '';
  };
  await until('event: pagerduty');
  for (const topic of ['run', 'slack', 'discord', 'zapier']) expect(seen).toContain(`event: ${topic}`);
  expect(seen).toContain('"api_token":"token"');
  await fixture.send('POST', hook, { correlation_id: CORRELATION_ID });
  await until(CORRELATION_ID);
  stop.abort();
});
