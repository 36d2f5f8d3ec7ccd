import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeChannelContract } from './channel-contract.ts';
import { CORRELATION_ID, FACTS, incidentWith } from './support/incident.ts';
import { pagerDutyKit, PagerDutyModel } from './support/pagerduty-kit.ts';
import { ProviderServer } from './support/provider-server.ts';

describeChannelContract(pagerDutyKit);

describe('pagerduty: one alert through its life', () => {
  const model = new PagerDutyModel();
  let server: ProviderServer;
  beforeAll(async () => {
    server = await ProviderServer.start(model);
  });
  afterAll(() => server.close());

  test('paged, acknowledged, resolved; said again, nothing changes', async () => {
    const channel = pagerDutyKit.channel(server.url, 500);
    const facts = [FACTS.accepted, FACTS.escalating, FACTS.paged];
    const at = (status: 'paged' | 'acknowledged' | 'resolved') =>
      ({ incident: incidentWith({ status, facts }), delivery: 'pagerduty' }) as const;
    const reference = await channel.notify(at('paged'));
    expect(reference).toEqual({ dedup_key: CORRELATION_ID });
    await channel.update?.(at('paged'), reference);
    expect(server.requests).toHaveLength(1);
    for (const status of ['acknowledged', 'resolved'] as const) {
      await channel.update?.(at(status), reference);
      await channel.update?.(at(status), reference);
      expect([...model.alerts]).toEqual([[CORRELATION_ID, status]]);
    }
    expect(model.shown()).toBe(1);
  });
});
