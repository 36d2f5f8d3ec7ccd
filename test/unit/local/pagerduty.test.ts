import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CORRELATION_ID, type Fixture, openFixture } from './front-fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await openFixture();
});
afterEach(() => fixture.close());

const event = (extra: object = {}) => ({
  routing_key: fixture.front.providers.secrets.pagerduty.routing_key,
  event_action: 'trigger',
  dedup_key: CORRELATION_ID,
  payload: { summary: 'SEV1', source: 'checkout', severity: 'critical' },
  ...extra,
});
const enqueue = (body: unknown) => fixture.send('POST', '/providers/pagerduty/v2/enqueue', body);
const pages = () => fixture.front.providers.pagerduty.pages.map(({ status }) => status);

test('one dedup key is one incident, until it is resolved', async () => {
  expect(await enqueue(event())).toMatchObject({
    status: 202,
    json: { status: 'success', message: 'Event processed', dedup_key: CORRELATION_ID },
  });
  await enqueue(event());
  expect(pages()).toEqual(['triggered']);
  await enqueue(event({ event_action: 'acknowledge', payload: undefined }));
  await enqueue(event());
  expect(pages()).toEqual(['acknowledged']);
  await enqueue(event({ event_action: 'resolve', payload: undefined }));
  await enqueue(event());
  expect(pages()).toEqual(['resolved', 'triggered']);
});

test('acknowledging what was never triggered is accepted and does nothing', async () => {
  expect((await enqueue(event({ event_action: 'acknowledge' }))).status).toBe(202);
  expect(pages()).toEqual([]);
});

test.each([
  ['a short routing key', { routing_key: 'x' }],
  ['another routing key', { routing_key: 'x'.repeat(32) }],
  ['an unknown action', { event_action: 'shout' }],
  ['a long dedup key', { dedup_key: 'x'.repeat(256) }],
  ['a long summary', { payload: { summary: 'x'.repeat(1_025), source: 'x', severity: 'critical' } }],
  ['an unknown severity', { payload: { summary: 'x', source: 'x', severity: 'sev1' } }],
  ['no payload', { payload: undefined }],
])('refuses %s', async (_what, extra) => {
  const refused = await enqueue(event(extra));
  expect(refused).toMatchObject({ status: 400, json: { status: 'invalid event' } });
  expect(refused.json['errors']).toHaveLength(1);
});

test('refuses more than 512 KB', async () => {
  expect((await enqueue(event({ padding: 'x'.repeat(512 * 1024) }))).status).toBe(413);
});

test('a person who acknowledges there is told to the API by a signed webhook', async () => {
  await enqueue(event());
  const done = await fixture.send('POST', '/sim/pagerduty/click', {
    correlation_id: CORRELATION_ID,
    user: 'grace',
  });
  expect(done.status).toBe(200);
  expect(pages()).toEqual(['acknowledged']);
  const [call] = fixture.calls;
  const body = call?.body.toString() ?? '';
  const [secret] = fixture.front.providers.secrets.pagerduty.webhook_secrets;
  expect(call?.headers['x-pagerduty-signature']).toBe(
    `v1=${createHmac('sha256', secret).update(body).digest('hex')}`,
  );
  expect(JSON.parse(body)).toMatchObject({
    event: {
      event_type: 'incident.acknowledged',
      agent: { summary: 'grace' },
      data: { incident_key: CORRELATION_ID },
    },
  });
});

test('there is nothing to acknowledge without a page', async () => {
  const refused = await fixture.send('POST', '/sim/pagerduty/click', {
    correlation_id: CORRELATION_ID,
    user: 'grace',
  });
  expect(refused).toMatchObject({ status: 404, json: { title: 'Not there' } });
});
