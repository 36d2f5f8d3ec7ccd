import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, Orchestrator, textOf } from './support/orchestrator.ts';

let orchestrator: Orchestrator;
beforeAll(async () => {
  orchestrator = await Orchestrator.start({ ackTimeoutSeconds: 4 });
});
afterAll(() => orchestrator.stack.stop());

interface Captured {
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}
const captured = (name: string): Captured =>
  JSON.parse(
    readFileSync(new URL(`../fixtures/alertmanager-0.25-${name}.json`, import.meta.url), 'utf8'),
  ) as Captured;
/** The request as Alertmanager sent it: its body, its user agent, its authorization. */
const post = ({ headers, body }: Captured) => {
  const { authorization = '', 'content-type': type = '', 'user-agent': agent = '' } = headers;
  const sent = { authorization, 'content-type': type, 'user-agent': agent };
  return orchestrator.send('POST', '/events/alertmanager', JSON.stringify(body), sent);
};

describe('an alert group of a real Alertmanager', () => {
  it('is one incident while it fires, is paged once unanswered, and resolves it', async () => {
    const raised = await post(captured('firing'));
    expect(raised.status).toBe(202);
    const id = String(raised.body['correlation_id']);

    const repeat = await post(captured('firing'));
    expect(repeat).toMatchObject({
      status: 200,
      body: { correlation_id: id, duplicate: true, payload_matches: true },
    });
    const { body, headers } = captured('firing');
    const alerts = body['alerts'] as Record<string, unknown>[];
    const joined = await post({
      headers,
      body: { ...body, alerts: [...alerts, { ...alerts[0], fingerprint: 'f3' }] },
    });
    expect(joined).toMatchObject({
      status: 200,
      body: { correlation_id: id, duplicate: true, payload_matches: false },
    });

    const other = await post(captured('another-group'));
    expect(other.status).toBe(202);
    expect(other.body['correlation_id']).not.toBe(id);

    await orchestrator.untilDelivered(id, 'slack', 'discord', 'zapier-jira', 'zapier-finance');
    await orchestrator.until(id, 'paged', ({ status }) => status === 'paged');
    const resolved = await post(captured('resolved'));
    expect(resolved).toMatchObject({ status: 202, body: { correlation_id: id, status: 'resolved' } });
    const page = (action: string) => async () =>
      (await orchestrator.received('pagerduty', id)).filter((each) => textOf(each).includes(`"${action}"`));
    await eventually('the page is resolved', page('resolve'), (all) => all.length === 1);
    expect(await page('trigger')()).toHaveLength(1);

    const anew = await post(captured('firing'));
    expect(anew.status).toBe(202);
    expect(anew.body['correlation_id']).not.toBe(id);
  });

  it('that becomes critical while a warning is open raises an incident of its own', async () => {
    const { body, headers } = captured('firing');
    const withSeverity = (severity: string) => {
      const alerts = (body['alerts'] as { labels: Record<string, string> }[]).map((alert) => ({
        ...alert,
        labels: { ...alert.labels, severity },
      }));
      return { headers, body: { ...body, groupKey: 'worse', alerts } };
    };
    const warning = await post(withSeverity('warning'));
    const critical = await post(withSeverity('critical'));
    expect([warning.status, critical.status]).toEqual([202, 202]);
    expect((await post(withSeverity('critical'))).body).toMatchObject({ duplicate: true });
    const resolved = await post({ headers, body: { ...withSeverity('critical').body, status: 'resolved' } });
    expect(resolved.body['resolved']).toHaveLength(2);
  });

  it('that is no webhook of Alertmanager is told what is wrong', async () => {
    const { headers } = captured('firing');
    const answer = await post({ headers, body: { version: '3' } });
    expect(answer).toMatchObject({ status: 422, type: 'application/problem+json' });
  });
});
