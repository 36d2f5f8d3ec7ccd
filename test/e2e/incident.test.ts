import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, Orchestrator, textOf } from './support/orchestrator.ts';

/** Long enough to click before the page, short enough to wait for it. */
const WINDOW_SECONDS = 8;
const ALL = ['slack', 'discord', 'zapier-jira', 'zapier-finance'];

let orchestrator: Orchestrator;
beforeAll(async () => {
  orchestrator = await Orchestrator.start({ ackTimeoutSeconds: WINDOW_SECONDS });
});
afterAll(() => orchestrator.stack.stop());

const pagesOf = async (correlationId: string, action = 'trigger') =>
  (await orchestrator.received('pagerduty', correlationId)).filter((page) =>
    textOf(page).includes(`"${action}"`),
  );

describe('a Sev1 incident', () => {
  it('reaches Slack, Discord and both Zaps, each once', async () => {
    const id = await orchestrator.raise();
    const incident = await orchestrator.untilDelivered(id, ...ALL);
    expect(incident.deliveries.map(({ calls }) => calls)).toEqual([1, 1, 1, 1]);
    expect(await orchestrator.received('zapier', id)).toHaveLength(2);
    await orchestrator.click('slack', id, 'ada');
  });

  it('acknowledged in Slack is shown so everywhere, and nobody is paged', async () => {
    const id = await orchestrator.raise();
    await orchestrator.untilDelivered(id, 'slack', 'discord');
    expect((await orchestrator.click('slack', id, 'ada')).status).toBe(200);
    const incident = await orchestrator.until(id, 'acknowledged', ({ status }) => status === 'acknowledged');
    expect(incident.acknowledged?.by).toMatchObject({ provider: 'slack', name: 'ada' });
    for (const [provider, edit] of [
      ['slack', 'chat.update'],
      ['discord', '/messages/'],
    ] as const) {
      await eventually(
        `${provider} shows who acknowledged`,
        () => orchestrator.received(provider, id),
        (all) => all.some((request) => request.path.includes(edit) && textOf(request).includes('ada')),
      );
    }
    await windowPassed();
    expect(await pagesOf(id)).toEqual([]);
  });

  it('acknowledged in Discord answers with the new message at once, and nobody is paged', async () => {
    const id = await orchestrator.raise();
    await orchestrator.untilDelivered(id, 'slack', 'discord');
    const answer = await orchestrator.click('discord', id, 'grace');
    expect(answer.body).toMatchObject({ type: 7 });
    expect(JSON.stringify(answer.body)).toContain('grace');
    await windowPassed();
    expect((await orchestrator.incident(id)).status).toBe('acknowledged');
    expect(await pagesOf(id)).toEqual([]);
  });

  it('acknowledged by a check mark on its Slack message', async () => {
    const id = await orchestrator.raise();
    await orchestrator.untilDelivered(id, 'slack');
    await orchestrator.sim('POST', 'slack/react', {
      correlation_id: id,
      user: 'ada',
      reaction: 'white_check_mark',
    });
    const incident = await orchestrator.until(id, 'acknowledged', ({ status }) => status === 'acknowledged');
    expect(incident.acknowledged?.by.provider).toBe('slack');
  });

  it('acknowledged by the API tells a second person who has it', async () => {
    const id = await orchestrator.raise();
    const first = await orchestrator.api('POST', `/incidents/${id}/ack`, { by: 'terminal' });
    expect(first.body).toMatchObject({ outcome: 'yours', status: 'acknowledged' });
    await orchestrator.untilDelivered(id, 'discord');
    const second = await orchestrator.api('POST', `/incidents/${id}/ack`, { by: 'somebody else' });
    expect(second).toMatchObject({ status: 200, body: { outcome: 'already' } });
    expect(second.body['message']).toContain('terminal acknowledged this incident');
  });

  it('that nobody acknowledges is paged once, and a late acknowledgement acknowledges the page', async () => {
    const id = await orchestrator.raise();
    await orchestrator.until(id, 'paged', ({ status }) => status === 'paged');
    await orchestrator.untilDelivered(id, 'slack');
    expect(await pagesOf(id)).toHaveLength(1);
    const click = await orchestrator.click('slack', id, 'late');
    expect(click.status).toBe(200);
    await eventually(
      'the page is acknowledged',
      () => pagesOf(id, 'acknowledge'),
      (all) => all.length === 1,
    );
    expect(await pagesOf(id)).toHaveLength(1);
    expect((await orchestrator.incident(id)).status).toBe('acknowledged');
  });

  it('with both human channels failing for good is paged at once', async () => {
    await orchestrator.sim('PUT', 'slack/fault', {
      status: 200,
      body: { ok: false, error: 'channel_not_found' },
    });
    await orchestrator.sim('PUT', 'discord/fault', {
      status: 403,
      body: { message: 'Missing Access', code: 50001 },
    });
    try {
      const started = Date.now();
      const id = await orchestrator.raise();
      await orchestrator.until(id, 'paged', ({ status }) => status === 'paged');
      expect(Date.now() - started).toBeLessThan(WINDOW_SECONDS * 1_000);
      expect(await pagesOf(id)).toHaveLength(1);
    } finally {
      await orchestrator.sim('DELETE', 'slack/fault');
      await orchestrator.sim('DELETE', 'discord/fault');
    }
  });

  it('that is resolved ends the wait, shows it, and resolves the page if one is out', async () => {
    const incident_id = randomUUID();
    const id = await orchestrator.raise({ incident_id });
    await orchestrator.until(id, 'paged', ({ status }) => status === 'paged');
    const resolution = { event_id: randomUUID(), incident_id, status: 'resolved' };
    const answer = await orchestrator.api('POST', '/events/incidents', resolution);
    expect(answer).toMatchObject({ status: 202, body: { correlation_id: id, status: 'resolved' } });
    await eventually(
      'the page is resolved',
      () => pagesOf(id, 'resolve'),
      (all) => all.length === 1,
    );
    const again = await orchestrator.api('POST', '/events/incidents', resolution);
    expect(again).toMatchObject({ status: 200, body: { correlation_id: id, duplicate: true } });
  });

  it('posted again is a duplicate, whose answer says whether it differs', async () => {
    const event = { event_id: randomUUID(), incident_id: randomUUID(), severity: 'sev1', summary: 'Once' };
    const first = await orchestrator.api('POST', '/events/incidents', event);
    expect(first.status).toBe(202);
    const { correlation_id } = first.body;
    const same = await orchestrator.api('POST', '/events/incidents', event);
    expect(same).toMatchObject({
      status: 200,
      body: { correlation_id, duplicate: true, payload_matches: true },
    });
    const changed = await orchestrator.api('POST', '/events/incidents', { ...event, summary: 'Twice' });
    expect(changed).toMatchObject({
      status: 200,
      body: { correlation_id, duplicate: true, payload_matches: false },
    });
    await orchestrator.untilDelivered(String(correlation_id), ...ALL);
    expect(await orchestrator.received('zapier', String(correlation_id))).toHaveLength(2);
    await orchestrator.click('slack', String(correlation_id), 'ada');
  });
});

describe('other severities', () => {
  it('a Sev2 asks for an acknowledgement and pages nobody', async () => {
    const id = await orchestrator.raise({ severity: 'sev2' });
    await orchestrator.untilDelivered(id, ...ALL);
    await windowPassed();
    expect((await orchestrator.incident(id)).status).toBe('open');
    expect((await orchestrator.click('discord', id, 'grace')).body).toMatchObject({ type: 7 });
    expect(await pagesOf(id)).toEqual([]);
  });

  it('a Sev3 goes to Slack alone', async () => {
    const id = await orchestrator.raise({ severity: 'sev3' });
    const incident = await orchestrator.untilDelivered(id, 'slack');
    expect(incident.deliveries.map(({ name }) => name)).toEqual(['slack']);
    expect(await orchestrator.received('discord', id)).toEqual([]);
  });
});

/** Passes when another incident, raised after this one, was paged for want of an acknowledgement. */
async function windowPassed(): Promise<void> {
  const later = await orchestrator.raise({ summary: 'Only a clock' });
  await orchestrator.until(later, 'the later incident is paged', ({ status }) => status === 'paged');
}
