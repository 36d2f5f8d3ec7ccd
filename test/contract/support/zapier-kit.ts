import { createZapierChannel } from '../../../lambdas/channels/zapier/channel.ts';
import type { ChannelKit } from './channel-kit.ts';
import type { ProviderModel, ReceivedRequest, Reply } from './provider-server.ts';

const PATHS = { jira: '/hooks/catch/1234567/secretjira/', finance: '/hooks/catch/1234567/secretfin/' };

/** Catch Hooks whose Zaps deduplicate by the idempotency key. */
export class ZapierModel implements ProviderModel {
  readonly runs = new Set<string>();

  handle({ path, body }: ReceivedRequest): Reply {
    if (!Object.values(PATHS).includes(path)) return { status: 404, body: 'please unsubscribe me!' };
    const { idempotency_key } = JSON.parse(body) as { idempotency_key: string };
    this.runs.add(idempotency_key);
    return {
      status: 200,
      body: { status: 'success', id: '019abf5e-0000-7000-8000-000000000001', attempt: 'a-1' },
    };
  }

  shown(): number {
    return this.runs.size;
  }
}

export const zapierKit: ChannelKit = {
  name: 'zapier',
  deliveries: ['zapier-jira', 'zapier-finance'],
  secretsAt: (url) => Object.values(PATHS).flatMap((path) => [path, `${url}${path}`]),
  channel: (url, timeoutMs) =>
    createZapierChannel({ jiraHookUrl: url + PATHS.jira, financeHookUrl: url + PATHS.finance, timeoutMs }),
  model: () => new ZapierModel(),
  rateLimited: (retryAfter) => ({
    status: 429,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    body: { status: 'error', errors: ['throttled'] },
  }),
  permanent: [
    { name: '400', reply: { status: 400, body: { status: 'error' } } },
    { name: '404 no such hook', reply: { status: 404, body: 'please unsubscribe me!' } },
    { name: '410 the Zap is gone', reply: { status: 410, body: 'gone' } },
    { name: '413', reply: { status: 413 } },
  ],
  retryable: [],
  statusDecides: true,
};
