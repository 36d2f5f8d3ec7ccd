import { type Answer, isRecord, parseJson } from '../http.ts';
import { APPLICATION_ID, BOT_USER, DiscordGuild, type DiscordMessage } from './discord-guild.ts';
import { discordError, isEmptyMessage, wrongMessage } from './discord-limits.ts';
import type { ProviderRequest, Simulator } from './simulator.ts';

type Fields = Record<string, unknown>;

// Discord's message flag for what only the person addressed sees.
export const EPHEMERAL = 64;
// An interaction's token works this long.
const TOKEN_MS = 15 * 60_000;

export interface DiscordOptions {
  readonly channel: string;
  readonly botToken: string;
}

interface OpenInteraction {
  readonly user: string;
  /** The message whose button was pressed. */
  readonly about: DiscordMessage;
  /** The message that `@original` means. */
  original: DiscordMessage | undefined;
  readonly openedAt: number;
}

/** Discord's REST API v10 as far as a bot that posts incidents uses it; the rest answers 404. */
export class DiscordSimulator implements Simulator {
  readonly name = 'discord';
  readonly guild: DiscordGuild;
  readonly #botToken: string;
  readonly #interactions = new Map<string, OpenInteraction>();

  constructor(options: DiscordOptions) {
    this.guild = new DiscordGuild(options.channel);
    this.#botToken = options.botToken;
  }

  handle(request: ProviderRequest): Answer {
    const [first = '', ...rest] = request.path.replace(/^\/api\/v10\//, '').split('/');
    const parsed = request.body.length === 0 ? {} : parseJson(request.body.toString('utf8'));
    if (!isRecord(parsed)) return discordError(400, 'The request body contains invalid JSON.', 50109);
    // An interaction's own token is all the authorisation that these need.
    if (first === 'webhooks') return this.#webhook(request.method, rest, parsed);
    if (request.headers['authorization'] !== `Bot ${this.#botToken}`)
      return discordError(401, '401: Unauthorized', 0);
    const route = `${request.method} ${first}`;
    if (route === 'GET users' && rest[0] === '@me') return { status: 200, body: BOT_USER };
    if (route === 'GET applications' && rest[0] === '@me') {
      return { status: 200, body: { id: APPLICATION_ID, name: BOT_USER.username, bot: BOT_USER } };
    }
    if (first === 'channels') return this.#channel(request, rest, parsed);
    return discordError(404, '404: Not Found', 0);
  }

  failure(status: number, retryAfter = 1): Answer {
    if (status === 429) {
      return {
        status,
        headers: {
          'retry-after': String(retryAfter),
          'x-ratelimit-scope': 'user',
          'x-ratelimit-reset-after': String(retryAfter),
        },
        body: { message: 'You are being rate limited.', retry_after: retryAfter, global: false },
      };
    }
    if (status === 403) return discordError(403, 'Missing Access', 50001);
    return discordError(status, status < 500 ? `${status}: Error` : '500: Internal Server Error', 0);
  }

  view(): unknown {
    const { channel, messages, ephemerals } = this.guild;
    return { channel, messages, ephemerals };
  }

  /** Lets the app answer an interaction by its token for a while. */
  openInteraction(token: string, about: DiscordMessage, user: string): void {
    this.#interactions.set(token, { user, about, original: about, openedAt: Date.now() });
  }

  /** Does what the app answered to the interaction itself. */
  settle(token: string, response: Fields): void {
    const open = this.#interactions.get(token);
    const data = isRecord(response['data']) ? response['data'] : {};
    if (open === undefined) return;
    if (response['type'] === 7) this.guild.change(open.about, data);
    else if (response['type'] === 4) open.original = this.#say(open, data);
    else if (response['type'] === 5) open.original = undefined;
  }

  #channel(request: ProviderRequest, path: readonly string[], fields: Fields): Answer {
    const [channelId = '', kind, messageId, action] = path;
    if (!this.guild.hasChannel(channelId)) return discordError(404, 'Unknown Channel', 10003);
    if (kind === undefined && request.method === 'GET') {
      return {
        status: 200,
        body: { id: channelId, type: channelId === this.guild.channel ? 0 : 11, name: 'incidents' },
      };
    }
    if (kind !== 'messages') return discordError(404, '404: Not Found', 0);
    if (messageId === undefined) {
      if (request.method === 'POST') return this.#create(channelId, fields);
      if (request.method === 'GET') return { status: 200, body: this.#list(channelId, request.query) };
      return discordError(405, '405: Method Not Allowed', 0);
    }
    const message = this.guild.byId(channelId, messageId);
    if (message === undefined) return discordError(404, 'Unknown Message', 10008);
    if (action === 'threads' && request.method === 'POST') return this.#startThread(message, fields);
    if (action === undefined && request.method === 'GET') return { status: 200, body: shown(message) };
    if (action === undefined && request.method === 'PATCH') return this.#edit(message, fields);
    return discordError(405, '405: Method Not Allowed', 0);
  }

  #create(channelId: string, fields: Fields): Answer {
    const wrong = wrongMessage(fields);
    if (wrong !== undefined) return wrong;
    if (isEmptyMessage(fields)) return discordError(400, 'Cannot send an empty message', 50006);
    const { nonce } = fields;
    const first =
      fields['enforce_nonce'] === true && nonce !== undefined
        ? this.guild.byNonce(channelId, nonce)
        : undefined;
    return { status: 200, headers: LIMIT_HEADERS, body: shown(first ?? this.guild.add(channelId, fields)) };
  }

  #edit(message: DiscordMessage, fields: Fields): Answer {
    const wrong = wrongMessage(fields);
    if (wrong !== undefined) return wrong;
    if (isEmptyMessage({ ...message, ...fields }))
      return discordError(400, 'Cannot send an empty message', 50006);
    this.guild.change(message, fields);
    return { status: 200, headers: LIMIT_HEADERS, body: shown(message) };
  }

  #list(channelId: string, query: URLSearchParams): unknown[] {
    const [after, before] = [query.get('after'), query.get('before')];
    return this.guild.messages
      .filter(
        (message) =>
          message.channel_id === channelId &&
          (after === null || BigInt(message.id) > BigInt(after)) &&
          (before === null || BigInt(message.id) < BigInt(before)),
      )
      .reverse()
      .slice(0, Math.min(Number(query.get('limit') ?? 50) || 50, 100))
      .map(shown);
  }

  #startThread(message: DiscordMessage, fields: Fields): Answer {
    const { name } = fields;
    if (typeof name !== 'string' || name === '' || name.length > 100) {
      const errors = {
        name: {
          _errors: [{ code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be between 1 and 100 in length.' }],
        },
      };
      return discordError(400, 'Invalid Form Body', 50035, errors);
    }
    if (message.thread !== undefined) {
      return discordError(400, 'A thread has already been created for this message', 160004);
    }
    message.thread = { id: message.id, name, parent_id: message.channel_id, type: 11 };
    return { status: 201, body: message.thread };
  }

  #webhook(
    method: string,
    [application, token = '', kind, which]: readonly string[],
    fields: Fields,
  ): Answer {
    const open = this.#interactions.get(token);
    if (application !== APPLICATION_ID || open === undefined || Date.now() - open.openedAt > TOKEN_MS) {
      return discordError(404, 'Unknown Webhook', 10015);
    }
    if (method !== 'GET') {
      const wrong = wrongMessage(fields);
      if (wrong !== undefined) return wrong;
    }
    if (method === 'POST' && kind === undefined) {
      return { status: 200, body: shown(this.#say(open, fields) ?? open.about) };
    }
    if (kind !== 'messages' || which !== '@original') return discordError(404, 'Unknown Message', 10008);
    if (method === 'PATCH') {
      if (open.original === undefined) open.original = this.#say(open, { ...fields, flags: EPHEMERAL });
      else this.guild.change(open.original, fields);
    }
    return { status: 200, body: shown(open.original ?? open.about) };
  }

  /** A new message, or where its flags say so something only that person sees. */
  #say(open: OpenInteraction, data: Fields): DiscordMessage | undefined {
    const flags = typeof data['flags'] === 'number' ? data['flags'] : 0;
    if ((flags & EPHEMERAL) === 0) return this.guild.add(open.about.channel_id, data);
    this.guild.ephemerals.push({
      at: new Date().toISOString(),
      user: open.user,
      content: typeof data['content'] === 'string' ? data['content'] : '',
      embeds: Array.isArray(data['embeds']) ? data['embeds'] : [],
      about: open.about.id,
    });
    return undefined;
  }
}

const LIMIT_HEADERS = {
  'x-ratelimit-limit': '5',
  'x-ratelimit-remaining': '4',
  'x-ratelimit-reset-after': '1.000',
};

/** JSON leaves out what is undefined. */
function shown(message: DiscordMessage) {
  const rest = { ...message, allowed_mentions: undefined };
  return { ...rest, mentions: [], mention_roles: [], mention_everyone: false, pinned: false, tts: false };
}
