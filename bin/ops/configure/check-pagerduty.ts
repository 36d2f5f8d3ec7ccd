import { randomUUID } from 'node:crypto';
import { property } from '../../../lambdas/channels/json.ts';
import { ask, bad, type Check, good } from './check.ts';

/**
 * Whether PagerDuty takes events with this key. It is asked with the resolution of an alert that never was: only a
 * `trigger` can page anybody, and a resolution without an open alert does nothing.
 */
export async function checkPagerDuty(
  { routing_key, webhook_secrets }: { routing_key: string; webhook_secrets: readonly string[] },
  baseUrl: string,
): Promise<Check[]> {
  const key = await ask(
    {
      what: 'pagerduty resolve (of nothing)',
      method: 'POST',
      url: `${baseUrl.replace(/\/$/, '')}/v2/enqueue`,
      json: { routing_key, event_action: 'resolve', dedup_key: `configure-check-${randomUUID()}` },
      secrets: [routing_key],
    },
    ({ status, json }) => {
      if (status === 202) return good('pagerduty takes events with routing_key (nobody was paged)');
      const errors = property(json, 'errors');
      const said = Array.isArray(errors)
        ? `: ${errors.filter((each) => typeof each === 'string').join('; ')}`
        : '';
      return bad(`pagerduty refuses routing_key: HTTP ${status}${said}`);
    },
  );
  const webhooks =
    webhook_secrets.length > 0
      ? good(`webhook_secrets: ${webhook_secrets.length}`)
      : good('webhook_secrets: none, so acknowledging in PagerDuty does not reach the incident');
  return [key, webhooks];
}
