import { createHmac, randomBytes } from 'node:crypto';
import { type ApiAnswer, type CallApi, NotThere, type Person } from './simulator.ts';
import type { SlackSimulator } from './slack.ts';
import { APP_ID, buttonsOf, type SlackMessage, TEAM } from './slack-workspace.ts';

export interface SlackCallbacksOptions {
  readonly signingSecret: string;
  /** Where the app may answer an interaction: the simulator's own address. */
  readonly responseBaseUrl: string;
  readonly callApi: CallApi;
}

/** What Slack sends to the app by itself, signed as Slack signs it. */
export class SlackCallbacks {
  readonly #slack: SlackSimulator;
  readonly #options: SlackCallbacksOptions;

  constructor(slack: SlackSimulator, options: SlackCallbacksOptions) {
    this.#slack = slack;
    this.#options = options;
  }

  /**
   * Presses the button that is in the incident's message, as it was delivered.
   *
   * @throws NotThere when there is no such message, or no button in it (any more)
   */
  async click(correlationId: string, person: Person): Promise<ApiAnswer> {
    const message = this.#message(correlationId);
    const buttons = buttonsOf(message);
    const pressed = buttons.find(({ button }) => /ack/i.test(String(button['action_id']))) ?? buttons[0];
    if (pressed === undefined)
      throw new NotThere(`Slack's message of ${correlationId} has no button (any more)`);
    const token = randomBytes(12).toString('hex');
    this.#slack.openResponse(message, person.id, token);
    const actionTs = this.#slack.workspace.nextTs();
    const { channel } = message;
    const payload = {
      type: 'block_actions',
      user: { id: person.id, username: person.name, name: person.name, team_id: TEAM.id },
      api_app_id: APP_ID,
      token: 'deprecated',
      container: { type: 'message', message_ts: message.ts, channel_id: channel, is_ephemeral: false },
      trigger_id: `${actionTs}.${TEAM.id}.${token}`,
      team: TEAM,
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: channel, name: 'incidents' },
      message: { ...message, channel: undefined, deleted: undefined, metadata: undefined },
      state: { values: {} },
      response_url: `${this.#options.responseBaseUrl}/response/${token}`,
      actions: [{ ...pressed.button, block_id: pressed.block_id, action_ts: actionTs }],
    };
    return this.#send(
      '/slack/interactions',
      'application/x-www-form-urlencoded',
      new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    );
  }

  /**
   * Puts a reaction on the incident's message and tells the app through the Events API.
   *
   * @throws NotThere when there is no such message
   */
  async react(correlationId: string, person: Person, reaction: string): Promise<ApiAnswer> {
    const message = this.#message(correlationId);
    this.#slack.workspace.react(message, reaction, person);
    const eventTs = this.#slack.workspace.nextTs();
    const event = {
      type: 'reaction_added',
      user: person.id,
      reaction,
      item_user: message.user,
      item: { type: 'message', channel: message.channel, ts: message.ts },
      event_ts: eventTs,
    };
    const envelope = {
      token: 'deprecated',
      team_id: TEAM.id,
      api_app_id: APP_ID,
      event,
      type: 'event_callback',
      event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
      event_time: Math.floor(Date.now() / 1_000),
      authorizations: [{ enterprise_id: null, team_id: TEAM.id, user_id: message.user, is_bot: true }],
    };
    return this.#send('/slack/events', 'application/json', JSON.stringify(envelope));
  }

  /** Asks the app to prove that the events address is its own. */
  async verifyUrl(challenge: string): Promise<ApiAnswer> {
    const body = JSON.stringify({ token: 'deprecated', challenge, type: 'url_verification' });
    return this.#send('/slack/events', 'application/json', body);
  }

  #message(correlationId: string): SlackMessage {
    const message = this.#slack.workspace.byCorrelationId(correlationId);
    if (message === undefined) throw new NotThere(`Slack has no message of ${correlationId}`);
    return message;
  }

  #send(path: string, contentType: string, body: string): Promise<ApiAnswer> {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', this.#options.signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex');
    return this.#options.callApi(
      path,
      {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
      },
      body,
    );
  }
}
