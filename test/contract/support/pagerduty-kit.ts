import { createPagerDutyChannel } from '../../../lambdas/channels/pagerduty/channel.ts';
import type { ChannelKit } from './channel-kit.ts';
import type { ProviderModel, ReceivedRequest, Reply } from './provider-server.ts';

const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

/** Events API v2: triggers with the `dedup_key` of an open alert add to it. */
export class PagerDutyModel implements ProviderModel {
  readonly alerts = new Map<string, 'triggered' | 'acknowledged' | 'resolved'>();
  #pages = 0;

  handle({ path, body }: ReceivedRequest): Reply {
    if (path !== '/v2/enqueue') return { status: 404 };
    const event = JSON.parse(body) as { routing_key: string; event_action: string; dedup_key: string };
    if (event.routing_key !== ROUTING_KEY) return invalid;
    const status = this.alerts.get(event.dedup_key);
    if (event.event_action === 'trigger' && (status === undefined || status === 'resolved')) {
      this.alerts.set(event.dedup_key, 'triggered');
      this.#pages += 1;
    }
    if (event.event_action === 'acknowledge' && status !== undefined)
      this.alerts.set(event.dedup_key, 'acknowledged');
    if (event.event_action === 'resolve' && status !== undefined)
      this.alerts.set(event.dedup_key, 'resolved');
    return {
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: event.dedup_key },
    };
  }

  shown(): number {
    return this.#pages;
  }
}

const invalid: Reply = {
  status: 400,
  body: { status: 'invalid event', message: 'Event object is invalid', errors: ["'routing_key' is invalid"] },
};

export const pagerDutyKit: ChannelKit = {
  name: 'pagerduty',
  deliveries: ['pagerduty'],
  secretsAt: () => [ROUTING_KEY],
  channel: (url, timeoutMs) => createPagerDutyChannel({ routingKey: ROUTING_KEY, baseUrl: url, timeoutMs }),
  model: () => new PagerDutyModel(),
  rateLimited: (retryAfter) => ({
    status: 429,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    body: { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' },
  }),
  permanent: [
    { name: '400 invalid event', reply: invalid },
    { name: '403', reply: { status: 403 } },
    { name: '413', reply: { status: 413 } },
  ],
  retryable: [],
  statusDecides: true,
};
