import { z } from '../../domain/schema.ts';
import { outcomeOf } from '../outcome.ts';
import { exchange, failure, type HttpCall, type HttpOptions } from '../http.ts';
import { property } from '../json.ts';
import { urlSecrets } from '../redact.ts';
import { platformError } from './errors.ts';
import { INCIDENT_METADATA } from './message.ts';
import { carries, messagesOf } from './stored-message.ts';
import { escapeText } from './text.ts';

export interface SlackCallbackOptions extends HttpOptions {
  readonly token: string;
  /** `https://slack.com/api/`. */
  readonly baseUrl: string;
}

/** A person must be answered within 3 s of the click: what is asked of Slack meanwhile gets half of it. */
const CALLBACK_TIMEOUT_MS = 1_500;

/**
 * The few calls that answering a click needs. By plain fetch: `@slack/web-api` would add its load time to every cold
 * start of a function that has three seconds.
 */
export class SlackCallbackClient {
  readonly #options: SlackCallbackOptions;

  constructor(options: SlackCallbackOptions) {
    this.#options = { timeoutMs: CALLBACK_TIMEOUT_MS, ...options };
  }

  /** Ids of a user group's members. Scope `usergroups:read`. */
  async membersOf(userGroup: string): Promise<readonly string[]> {
    const answer = await this.#call('usergroups.users.list', { usergroup: userGroup });
    const users = z.array(z.string()).safeParse(property(answer, 'users'));
    return users.success ? users.data : [];
  }

  /** How a person is called; their id when that cannot be learned. Scope `users:read`. */
  async nameOf(userId: string): Promise<string> {
    try {
      const user = property(await this.#call('users.info', { user: userId }), 'user');
      const profile = property(user, 'profile');
      const names = [property(profile, 'display_name'), property(user, 'real_name'), property(user, 'name')];
      return names.find((name): name is string => typeof name === 'string' && name !== '') ?? userId;
    } catch {
      // A name is decoration; the acknowledgement must not wait for it.
      return userId;
    }
  }

  /** The incident that a message shows, by its metadata; undefined when it is no incident's. */
  async incidentOf(place: { readonly channel: string; readonly ts: string }): Promise<string | undefined> {
    const { channel, ts } = place;
    const answer = await this.#call('conversations.history', {
      ...{ channel, oldest: ts, latest: ts, inclusive: 'true', limit: '1', include_all_metadata: 'true' },
    });
    const message = messagesOf({ messages: property(answer, 'messages') }).find((each) => each.ts === ts);
    if (message?.bot_id === undefined || !carries(message, INCIDENT_METADATA, {})) return undefined;
    const id = z.uuid().safeParse(message.metadata?.event_payload['correlation_id']);
    return id.success ? id.data : undefined;
  }

  /** Tells the person who clicked something that nobody else sees. */
  async answerPrivately(responseUrl: string, text: string): Promise<void> {
    const call: HttpCall = {
      ...{ what: 'slack response_url', method: 'POST', url: responseUrl, secrets: urlSecrets(responseUrl) },
      json: { response_type: 'ephemeral', replace_original: false, text: escapeText(text, 2_000) },
    };
    const answer = await exchange(call, this.#options);
    if (outcomeOf(answer.status) !== 'success') throw failure(call, answer);
  }

  async #call(method: string, form: Record<string, string>): Promise<unknown> {
    const { token, baseUrl } = this.#options;
    const call: HttpCall = {
      what: `slack ${method}`,
      method: 'POST',
      url: `${baseUrl.replace(/\/$/, '')}/${method}`,
      headers: { authorization: `Bearer ${token}` },
      form,
      secrets: [token],
    };
    const answer = await exchange(call, this.#options);
    if (outcomeOf(answer.status) !== 'success') throw failure(call, answer);
    if (property(answer.json, 'ok') === true) return answer.json;
    throw platformError(call.what, property(answer.json, 'error'));
  }
}
