import { type Answer, isRecord, parseJson } from '../http.ts';
import { decodeBody } from './recorder.ts';
import type { ProviderRequest, Simulator } from './simulator.ts';
import { blockErrors, blocksTooLong } from './slack-blocks.ts';
import { BOT, SlackWorkspace, type SlackMessage, TEAM } from './slack-workspace.ts';

type Fields = Readonly<Record<string, unknown>>;
type Method = (fields: Fields) => Answer;

// Above this Slack refuses a message's fallback text.
const MAX_TEXT = 40_000;
// Slack takes this many answers to one interaction.
const RESPONSE_URL_USES = 5;

export interface SlackOptions {
  readonly channel: string;
  readonly botToken: string;
  /** Members of each user group, by its id. */
  readonly userGroups?: Readonly<Record<string, readonly string[]>>;
}

/** Slack's Web API as far as a bot that posts incidents uses it; the rest answers `unknown_method`. */
export class SlackSimulator implements Simulator {
  readonly name = 'slack';
  readonly workspace: SlackWorkspace;
  readonly #options: SlackOptions;
  readonly #responses = new Map<string, { message: string; user: string; left: number }>();

  constructor(options: SlackOptions) {
    this.#options = options;
    this.workspace = new SlackWorkspace(options.channel);
  }

  handle(request: ProviderRequest): Answer {
    const { path } = request;
    if (path.startsWith('/response/')) return this.#respond(path.slice('/response/'.length), request);
    const method = this.#methods[path.replace(/^\/api\//, '')];
    if (method === undefined) return failed('unknown_method');
    const decoded = decodeBody(request.headers['content-type'], request.body);
    const fields = { ...Object.fromEntries(request.query), ...(isRecord(decoded) ? decoded : {}) };
    const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? fields['token'];
    if (token === undefined) return failed('not_authed');
    if (token !== this.#options.botToken) return failed('invalid_auth');
    return method(fields);
  }

  failure(status: number, retryAfter = 1): Answer {
    if (status === 429)
      return {
        status,
        headers: { 'retry-after': String(retryAfter) },
        body: { ok: false, error: 'ratelimited' },
      };
    return { status, body: { ok: false, error: status < 500 ? 'invalid_request' : 'internal_error' } };
  }

  view(): unknown {
    const { channel, messages, ephemerals } = this.workspace;
    return { channel, messages: messages.filter((message) => message.deleted !== true), ephemerals };
  }

  /** A one-time name under which the app may answer an interaction for a while. */
  openResponse(message: SlackMessage, user: string, token: string): void {
    this.#responses.set(token, { message: message.ts, user, left: RESPONSE_URL_USES });
  }

  readonly #methods: Readonly<Record<string, Method>> = {
    'auth.test': () =>
      ok({
        url: `https://${TEAM.domain}.slack.com/`,
        team: TEAM.domain,
        team_id: TEAM.id,
        user: BOT.name,
        user_id: BOT.user,
        bot_id: BOT.bot,
        is_enterprise_install: false,
      }),
    'chat.postMessage': (fields) => this.#post(fields),
    'chat.update': (fields) => this.#update(fields),
    'chat.postEphemeral': (fields) => {
      const wrong = this.#wrongChannel(fields) ?? wrongContent(fields);
      if (wrong !== undefined) return wrong;
      const user = text(fields['user']);
      if (user === undefined) return failed('user_not_in_channel');
      this.#showTo(user, fields);
      return ok({ message_ts: this.workspace.nextTs() });
    },
    'conversations.history': (fields) =>
      this.#wrongChannel(fields) ??
      this.#page(
        fields,
        this.workspace.messages.filter(({ thread_ts }) => thread_ts === undefined).reverse(),
      ),
    'conversations.replies': (fields) => {
      const ts = text(fields['ts']);
      const thread = this.workspace.messages.filter((each) => each.ts === ts || each.thread_ts === ts);
      return (
        this.#wrongChannel(fields) ??
        (thread.length === 0 ? failed('thread_not_found') : this.#page(fields, thread))
      );
    },
    'usergroups.users.list': (fields) => {
      const users = this.#options.userGroups?.[text(fields['usergroup']) ?? ''];
      return users === undefined ? failed('no_such_subteam') : ok({ users });
    },
  };

  #post(fields: Fields): Answer {
    const wrong = this.#wrongChannel(fields) ?? wrongContent(fields);
    if (wrong !== undefined) return wrong;
    const threadTs = text(fields['thread_ts']);
    if (threadTs !== undefined && this.workspace.byTs(threadTs) === undefined)
      return failed('thread_not_found');
    const message = this.workspace.add({
      text: text(fields['text']) ?? '',
      blocks: listOf(fields['blocks']),
      ...(fields['metadata'] === undefined ? {} : { metadata: structured(fields['metadata']) }),
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    });
    return ok({ channel: message.channel, ts: message.ts, message: shown(message, false) });
  }

  #update(fields: Fields): Answer {
    const wrong = this.#wrongChannel(fields) ?? wrongContent(fields);
    if (wrong !== undefined) return wrong;
    const message = this.workspace.byTs(text(fields['ts']));
    if (message === undefined) return failed('message_not_found');
    const newText = text(fields['text']);
    this.workspace.change(message, {
      ...(newText === undefined ? {} : { text: newText }),
      ...(fields['blocks'] === undefined ? {} : { blocks: listOf(fields['blocks']) }),
      ...(fields['metadata'] === undefined ? {} : { metadata: structured(fields['metadata']) }),
    });
    return ok({
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: shown(message, false),
    });
  }

  /** `response_url`: changes the message the button was in, or tells something to the person who pressed it. */
  #respond(token: string, request: ProviderRequest): Answer {
    const open = this.#responses.get(token);
    if (open === undefined || open.left <= 0) return { status: 404, body: { ok: false, error: 'used_url' } };
    const fields = parseJson(request.body.toString('utf8'));
    if (!isRecord(fields)) return { status: 400, body: { ok: false, error: 'invalid_payload' } };
    open.left -= 1;
    const message = this.workspace.byTs(open.message);
    if (fields['delete_original'] === true && message !== undefined) message.deleted = true;
    else if (fields['replace_original'] === true && message !== undefined) {
      this.workspace.change(message, { text: text(fields['text']) ?? '', blocks: listOf(fields['blocks']) });
    } else if (fields['response_type'] === 'in_channel') {
      this.workspace.add({ text: text(fields['text']) ?? '', blocks: listOf(fields['blocks']) });
    } else this.#showTo(open.user, fields, open.message);
    return { status: 200, body: 'ok' };
  }

  #showTo(user: string, fields: Fields, about?: string): void {
    this.workspace.ephemerals.push({
      at: new Date().toISOString(),
      channel: this.workspace.channel,
      user,
      text: text(fields['text']) ?? '',
      blocks: listOf(fields['blocks']),
      ...(about === undefined ? {} : { about }),
    });
  }

  #wrongChannel(fields: Fields): Answer | undefined {
    return fields['channel'] === this.workspace.channel ? undefined : failed('channel_not_found');
  }

  #page(fields: Fields, messages: readonly SlackMessage[]): Answer {
    const inclusive = isTrue(fields['inclusive']);
    const after = (a: string, b: string) => Number(a) > Number(b) || (inclusive && a === b);
    const oldest = text(fields['oldest']);
    const latest = text(fields['latest']);
    const limit = Math.min(Number(fields['limit'] ?? 100) || 100, 999);
    const found = messages.filter(
      ({ ts, deleted }) =>
        deleted !== true &&
        (oldest === undefined || after(ts, oldest)) &&
        (latest === undefined || after(latest, ts)),
    );
    const withMetadata = isTrue(fields['include_all_metadata']);
    return ok({
      messages: found.slice(0, limit).map((message) => shown(message, withMetadata)),
      has_more: found.length > limit,
      pin_count: 0,
    });
  }
}

const ok = (fields: object): Answer => ({ status: 200, body: { ok: true, ...fields } });
const failed = (error: string, messages?: readonly string[]): Answer => ({
  status: 200,
  body: { ok: false, error, ...(messages === undefined ? {} : { response_metadata: { messages } }) },
});
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1';
const structured = (value: unknown): unknown => (typeof value === 'string' ? parseJson(value) : value);
const listOf = (value: unknown): unknown[] => {
  const list = structured(value);
  return Array.isArray(list) ? list : [];
};

function wrongContent(fields: Fields): Answer | undefined {
  const content = text(fields['text']) ?? '';
  const blocks = fields['blocks'] === undefined ? [] : structured(fields['blocks']);
  if (content === '' && (!Array.isArray(blocks) || blocks.length === 0)) return failed('no_text');
  if (content.length > MAX_TEXT) return failed('msg_too_long');
  const errors = blockErrors(blocks);
  if (errors.length > 0)
    return failed(Array.isArray(blocks) ? 'invalid_blocks' : 'invalid_blocks_format', errors);
  return blocksTooLong(blocks) ? failed('msg_blocks_too_long') : undefined;
}

/** JSON leaves out what is undefined. */
function shown(message: SlackMessage, withMetadata: boolean) {
  const reactions = message.reactions.map((each) => ({ ...each, count: each.users.length }));
  return {
    ...message,
    channel: undefined,
    deleted: undefined,
    reactions: reactions.length > 0 ? reactions : undefined,
    metadata: withMetadata ? message.metadata : undefined,
  };
}
