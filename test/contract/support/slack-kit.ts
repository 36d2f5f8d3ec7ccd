import { createSlackChannel } from '../../../lambdas/channels/slack/channel.ts';
import type { ChannelKit, NamedReply } from './channel-kit.ts';
import type { ProviderModel, ReceivedRequest, Reply } from './provider-server.ts';

const TOKEN = 'xoxb-contract-token-0123456789';
const CHANNEL = 'C0CONTRACT';
const BOT = { user: 'U0BOT', bot_id: 'B0BOT' };

interface Stored {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly user: string;
  readonly bot_id?: string;
  readonly text: string;
  readonly metadata?: unknown;
}

/** One channel of Slack: posting has no key, so every post shows. */
export class SlackModel implements ProviderModel {
  readonly messages: Stored[] = [];
  #sequence = 0;

  handle({ path, body, headers }: ReceivedRequest): Reply {
    if (headers.authorization !== `Bearer ${TOKEN}`) return failed('invalid_auth');
    const form = new URLSearchParams(body);
    switch (path) {
      case '/api/auth.test':
        return ok({ user_id: BOT.user, bot_id: BOT.bot_id });
      case '/api/chat.postMessage':
        return this.#post(form);
      case '/api/chat.update':
        return this.messages.some(({ ts }) => ts === form.get('ts')) ? ok({}) : failed('message_not_found');
      case '/api/conversations.history':
        return this.#page(form, (message) => message.thread_ts === undefined);
      case '/api/conversations.replies':
        return this.#page(form, (message) => message.thread_ts === form.get('ts'));
      default:
        return failed('unknown_method');
    }
  }

  shown(): number {
    return this.messages.filter(({ thread_ts }) => thread_ts === undefined).length;
  }

  /** What others write in the channel. */
  add(message: Partial<Stored>): void {
    this.messages.push({ ts: this.#nextTs(), user: 'U0SOMEONE', text: 'hello', ...message });
  }

  #post(form: URLSearchParams): Reply {
    const thread = form.get('thread_ts');
    this.add({
      ...BOT,
      text: form.get('text') ?? '',
      metadata: JSON.parse(form.get('metadata') ?? 'null') as unknown,
      ...(thread === null ? {} : { thread_ts: thread }),
    });
    return ok({ channel: CHANNEL, ts: this.messages.at(-1)?.ts });
  }

  #page(form: URLSearchParams, wanted: (message: Stored) => boolean): Reply {
    const limit = Number(form.get('limit') ?? 100);
    const oldest = Number(form.get('oldest') ?? 0);
    const latest = Number(form.get('latest') ?? Infinity);
    const found = this.messages
      .filter((message) => wanted(message) && Number(message.ts) > oldest && Number(message.ts) < latest)
      .reverse();
    return ok({ messages: found.slice(0, limit), has_more: found.length > limit });
  }

  #nextTs(): string {
    this.#sequence += 1;
    return (Date.now() / 1_000 + this.#sequence / 1e6).toFixed(6);
  }
}

const ok = (fields: object): Reply => ({ status: 200, body: { ok: true, ...fields } });
const failed = (error: string): Reply => ({ status: 200, body: { ok: false, error } });
const platform = (error: string): NamedReply => ({ name: error, reply: failed(error) });

export const slackKit: ChannelKit = {
  name: 'slack',
  deliveries: ['slack'],
  secretsAt: () => [TOKEN],
  channel: (url, timeoutMs) =>
    createSlackChannel({ token: TOKEN, channelId: CHANNEL, baseUrl: `${url}/api/`, timeoutMs }),
  model: () => new SlackModel(),
  rateLimited: (retryAfter) => ({
    status: 429,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    body: { ok: false, error: 'ratelimited' },
  }),
  permanent: [
    ...[
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'invalid_auth',
      'account_inactive',
      'token_revoked',
    ],
    ...['missing_scope', 'msg_too_long', 'msg_blocks_too_long', 'invalid_blocks', 'restricted_action'],
  ].map(platform),
  retryable: [
    ...['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'],
    'an_error_added_tomorrow',
  ].map(platform),
  statusDecides: false,
};
