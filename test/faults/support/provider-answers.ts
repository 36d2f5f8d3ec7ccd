import type { BreakerPolicy } from '../../../lambdas/domain/breaker.ts';
import type { ChannelName } from '../../../lambdas/domain/channel.ts';
import type { WireAnswer } from './faults.ts';

const json = (status: number, body: object, headers: Record<string, string> = {}): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** The call that tells of an incident for the first time. */
export const FIRST_CALL = {
  slack: 'slack chat.postMessage',
  discord: 'discord POST channels/messages',
  zapier: 'zapier jira',
  pagerduty: 'pagerduty trigger',
} as const satisfies Record<ChannelName, string>;

/** What each provider says when no waiting would help. */
export const REFUSED: Record<ChannelName, WireAnswer> = {
  slack: json(200, { ok: false, error: 'channel_not_found' }),
  discord: json(404, { message: 'Unknown Channel', code: 10_003 }),
  zapier: json(410, { status: 'gone' }),
  pagerduty: json(400, { status: 'invalid event', message: 'Event object is invalid', errors: [] }),
};

/** Each provider's own "too many requests". */
export const rateLimited = (channel: ChannelName, retryAfter?: string): WireAnswer => {
  const bodies: Record<ChannelName, object> = {
    slack: { ok: false, error: 'ratelimited' },
    discord: { message: 'You are being rate limited.', global: false },
    zapier: { status: 'error', errors: ['throttled'] },
    pagerduty: {
      status: 'throttle exceeded',
      message: 'Requests for this service are arriving too quickly.',
    },
  };
  return json(429, bodies[channel], retryAfter === undefined ? {} : { 'retry-after': retryAfter });
};

export const failing = (status: number): WireAnswer => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<html>Something about the weather</html>',
});

/** Each failure is looked at by itself; what Zapier's circuit breaker makes of many is another test's. */
export const NEVER_OPENS: BreakerPolicy = {
  window_seconds: 6,
  minimum_calls: 10_000,
  failure_rate: 1,
  open_seconds: 1,
  cap_seconds: 1,
};
