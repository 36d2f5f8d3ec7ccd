import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Orchestrator, textOf, type Answer } from './support/orchestrator.ts';

let orchestrator: Orchestrator;
beforeAll(async () => {
  orchestrator = await Orchestrator.start();
});
afterAll(() => orchestrator.stack.stop());

const event = (over: Record<string, unknown> = {}) => ({
  ...{ event_id: randomUUID(), incident_id: randomUUID(), severity: 'sev3', summary: 'Disk is full' },
  ...over,
});
const post = (body: string | undefined, headers: Record<string, string> = {}): Promise<Answer> =>
  orchestrator.send('POST', '/events/incidents', body, {
    authorization: `Bearer ${orchestrator.stack.apiToken}`,
    'content-type': 'application/json',
    ...headers,
  });

function expectProblem(answer: Answer, status: number, ...fields: string[]): void {
  expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status } });
  expect(String(answer.body['detail']).length).toBeGreaterThan(10);
  const errors = (answer.body['errors'] ?? []) as { field: string }[];
  expect(errors.map(({ field }) => field)).toEqual(fields);
}

describe('bad input is told what is wrong:', () => {
  it('no token', async () => {
    expectProblem(
      await orchestrator.send('POST', '/events/incidents', '{}', { 'content-type': 'application/json' }),
      401,
    );
  });
  it('a wrong token', async () => {
    expectProblem(await post('{}', { authorization: 'Bearer guess' }), 401);
  });
  it('no body', async () => {
    expectProblem(await post(undefined), 400);
  });
  it('not JSON', async () => {
    expectProblem(await post('{"event_id":'), 400);
  });
  it('another content type', async () => {
    expectProblem(await post('a=b', { 'content-type': 'text/plain' }), 415);
  });
  it('1 MB', async () => {
    expectProblem(await post(JSON.stringify(event({ summary: 'x'.repeat(1_000_000) }))), 413);
  });
  it('an unknown severity', async () => {
    expectProblem(await post(JSON.stringify(event({ severity: 'sev0' }))), 422, 'severity');
  });
  it('no event id', async () => {
    expectProblem(await post(JSON.stringify(event({ event_id: undefined }))), 400, 'event_id');
  });
  it('several wrong fields at once', async () => {
    const wrong = event({ severity: 'bad', links: ['javascript:alert(1)'], occurred_at: 'yesterday' });
    expectProblem(await post(JSON.stringify(wrong)), 422, 'links.0', 'occurred_at', 'severity');
  });
  it('nesting of 10,000 levels', async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const body = JSON.stringify(event()).replace(/}$/, `,"details":${deep}}`);
    expectProblem(await post(body), 422, 'details');
  });
  it('an unknown or malformed correlation id', async () => {
    expectProblem(await orchestrator.api('GET', `/incidents/${randomUUID()}`), 404);
    expectProblem(await orchestrator.api('POST', `/incidents/${randomUUID()}/ack`, {}), 404);
    expectProblem(await orchestrator.api('GET', '/incidents/not-an-id'), 404);
  });
  it('a state or timeline asked for without a token', async () => {
    const id = await orchestrator.raise({ severity: 'sev3' });
    expectProblem(await orchestrator.send('GET', `/incidents/${id}`), 401);
  });
});

describe('callbacks', () => {
  it.each([
    [
      '/slack/interactions',
      {
        'x-slack-signature': `v0=${'0'.repeat(64)}`,
        'x-slack-request-timestamp': String(Math.floor(Date.now() / 1_000)),
      },
    ],
    [
      '/slack/interactions',
      { 'x-slack-signature': `v0=${'0'.repeat(64)}`, 'x-slack-request-timestamp': '1600000000' },
    ],
    ['/slack/interactions', {}],
    ['/slack/events', {}],
    [
      '/discord/interactions',
      { 'x-signature-ed25519': '0'.repeat(128), 'x-signature-timestamp': '1600000000' },
    ],
    ['/discord/interactions', {}],
    ['/pagerduty/webhooks', { 'x-pagerduty-signature': `v1=${'0'.repeat(64)}` }],
    ['/zapier/callbacks', { authorization: 'Bearer guess' }],
  ])('on %s with a forged, stale or missing signature are refused', async (path, headers) => {
    expectProblem(
      await orchestrator.send('POST', path, '{"type":1}', { 'content-type': 'application/json', ...headers }),
      401,
    );
  });

  it('are not made by a link preview: neither GET nor HEAD acknowledges', async () => {
    const id = await orchestrator.raise({ severity: 'sev2' });
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(`${orchestrator.stack.url}/incidents/${id}/ack`, {
        method,
        headers: { authorization: `Bearer ${orchestrator.stack.apiToken}` },
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
    expect((await orchestrator.incident(id)).status).toBe('open');
  });
});

describe('hostile text', () => {
  it('mentions nobody, breaks nothing, and is kept whole', async () => {
    const summary = `<!channel> @everyone <@U123> *bold* \u0007\u202E${'long '.repeat(990)}`;
    const id = await orchestrator.raise({ severity: 'sev2', summary, service: '<!here>' });
    await orchestrator.untilDelivered(id, 'slack', 'discord');
    const slack = await orchestrator.received('slack', id);
    expect(slack[0]?.status).toBe(200);
    expect(decodeURIComponent(slack.map(textOf).join())).not.toMatch(/<!channel>|<!here>|<@U123>/);
    const discord = await orchestrator.received('discord', id);
    expect(discord.map(textOf).join()).toMatch(/"allowed_mentions":\s*\{\s*"parse":\s*\[\]/);
    const answer = await orchestrator.api('GET', `/incidents/${id}`);
    expect(answer.body['summary']).toBe(summary);
  });
});
