import { createDiscordChannel } from '../../../lambdas/channels/discord/channel.ts';
import type { ChannelKit } from './channel-kit.ts';
import type { ProviderModel, ReceivedRequest, Reply } from './provider-server.ts';

const TOKEN = 'bot-token-contract-0123456789';
const CHANNEL = '1180000000000000010';

interface Stored {
  readonly id: string;
  readonly channel: string;
  readonly nonce?: string;
  readonly timestamp: string;
  readonly author: { readonly bot: boolean };
  readonly webhook_id?: string;
  readonly embeds: readonly unknown[];
}

/** One Discord channel and its threads; an enforced nonce brings back what was made with it. */
export class DiscordModel implements ProviderModel {
  readonly messages: Stored[] = [];
  readonly threads = new Set<string>();
  #nonces = new Map<string, Stored>();

  handle({ method, path, body, headers }: ReceivedRequest): Reply {
    if (headers.authorization !== `Bot ${TOKEN}`) return error(401, 0, '401: Unauthorized');
    const [, , , , channel = '', , message, kind] = (path.split('?')[0] ?? '').split('/');
    if (channel !== CHANNEL && !this.threads.has(channel)) return error(404, 10_003, 'Unknown Channel');
    if (method === 'GET') return this.#list(channel, path);
    const content = JSON.parse(body) as Partial<Stored> & { enforce_nonce?: boolean };
    if (kind === 'threads') return this.#startThread(message ?? '');
    if (method === 'PATCH') {
      return this.messages.some(({ id }) => id === message)
        ? { status: 200, body: { id: message } }
        : unknown;
    }
    const repeated = content.enforce_nonce === true ? this.#nonces.get(content.nonce ?? '') : undefined;
    if (repeated !== undefined) return { status: 200, body: repeated };
    const made = this.add({ ...content, channel, author: { bot: true } });
    if (content.nonce !== undefined) this.#nonces.set(content.nonce, made);
    return { status: 200, body: made };
  }

  shown(): number {
    return this.messages.filter(({ channel }) => channel === CHANNEL).length;
  }

  add(message: Partial<Stored>): Stored {
    const made: Stored = {
      id: `${1_400_000_000_000_000_000n + BigInt(this.messages.length)}`,
      channel: CHANNEL,
      timestamp: new Date().toISOString(),
      author: { bot: false },
      embeds: [],
      ...message,
    };
    this.messages.push(made);
    return made;
  }

  /** Discord does so after some minutes. */
  forgetNonces(): void {
    this.#nonces = new Map();
  }

  #startThread(message: string): Reply {
    if (this.threads.has(message)) {
      return error(400, 160_004, 'A thread has already been created for this message');
    }
    this.threads.add(message);
    return { status: 201, body: { id: message } };
  }

  #list(channel: string, path: string): Reply {
    const query = new URL(path, 'http://discord').searchParams;
    const before = query.get('before');
    const found = this.messages
      .filter((message) => message.channel === channel && (before === null || message.id < before))
      .reverse();
    return { status: 200, body: found.slice(0, Number(query.get('limit') ?? 50)) };
  }
}

const error = (status: number, code: number, message: string): Reply => ({ status, body: { message, code } });
const unknown = error(404, 10_008, 'Unknown Message');

export const discordKit: ChannelKit = {
  name: 'discord',
  deliveries: ['discord'],
  secretsAt: () => [TOKEN],
  channel: (url, timeoutMs) =>
    createDiscordChannel({ botToken: TOKEN, channelId: CHANNEL, baseUrl: `${url}/api/v10`, timeoutMs }),
  model: () => new DiscordModel(),
  rateLimited: (retryAfter) => ({
    status: 429,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    body: { message: 'You are being rate limited.', global: false },
  }),
  permanent: [
    { name: '401 bad token', reply: error(401, 0, '401: Unauthorized') },
    { name: '403 Missing Permissions', reply: error(403, 50_013, 'Missing Permissions') },
    { name: '404 Unknown Channel', reply: error(404, 10_003, 'Unknown Channel') },
    { name: '400 Invalid Form Body', reply: error(400, 50_035, 'Invalid Form Body') },
  ],
  retryable: [],
  statusDecides: false,
};
