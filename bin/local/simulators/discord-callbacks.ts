import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isRecord, parseJson } from '../http.ts';
import { APPLICATION_ID, buttonsOf, GUILD_ID } from './discord-guild.ts';
import type { DiscordSimulator } from './discord.ts';
import { type ApiAnswer, type CallApi, NotThere, type Person } from './simulator.ts';

/** Someone who presses a button in a Discord server, with the roles they hold there. */
export interface Member extends Person {
  readonly roles: readonly string[];
}

/** An application's key pair, made anew for each run. */
export function discordKeys(): { readonly privateKey: KeyObject; readonly publicKeyHex: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return { privateKey, publicKeyHex: Buffer.from(String(x), 'base64url').toString('hex') };
}

/** What Discord sends to the app by itself, signed as Discord signs it. */
export class DiscordCallbacks {
  readonly #discord: DiscordSimulator;
  readonly #privateKey: KeyObject;
  readonly #callApi: CallApi;

  constructor(discord: DiscordSimulator, privateKey: KeyObject, callApi: CallApi) {
    this.#discord = discord;
    this.#privateKey = privateKey;
    this.#callApi = callApi;
  }

  /**
   * Presses the button that is in the incident's message, as it was delivered, and does what the app answers.
   *
   * @throws NotThere when there is no such message, or no button in it (any more)
   */
  async click(correlationId: string, member: Member): Promise<ApiAnswer> {
    const message = this.#discord.guild.byCorrelationId(correlationId);
    if (message === undefined) throw new NotThere(`Discord has no message of ${correlationId}`);
    const buttons = buttonsOf(message);
    const pressed = buttons.find((button) => String(button['custom_id']).startsWith('ack')) ?? buttons[0];
    if (pressed === undefined)
      throw new NotThere(`Discord's message of ${correlationId} has no button (any more)`);
    const token = randomBytes(24).toString('base64url');
    this.#discord.openInteraction(token, message, member.id);
    const channel = { id: message.channel_id, guild_id: GUILD_ID, name: 'incidents', type: 0 };
    const user = {
      id: member.id,
      username: member.name,
      global_name: member.name,
      discriminator: '0',
      avatar: null,
    };
    const answer = await this.#send({
      version: 1,
      type: 3,
      id: this.#discord.guild.nextId(),
      application_id: APPLICATION_ID,
      token,
      message,
      guild_id: GUILD_ID,
      guild: { id: GUILD_ID, locale: 'en-US', features: [] },
      channel_id: message.channel_id,
      channel,
      member: {
        user,
        roles: member.roles,
        nick: null,
        joined_at: '2024-01-01T00:00:00.000000+00:00',
        permissions: '0',
      },
      data: { id: pressed['id'] ?? 2, component_type: 2, custom_id: pressed['custom_id'] },
      app_permissions: '277025508352',
      locale: 'en-US',
      guild_locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: { 0: GUILD_ID },
      context: 0,
    });
    const response = parseJson(answer.body);
    if (answer.status === 200 && isRecord(response)) this.#discord.settle(token, response);
    return answer;
  }

  /** Discord's check, made when the address of the interactions is saved. */
  async ping(): Promise<ApiAnswer> {
    return this.#send({
      version: 1,
      type: 1,
      id: this.#discord.guild.nextId(),
      application_id: APPLICATION_ID,
      token: '',
    });
  }

  #send(interaction: object): Promise<ApiAnswer> {
    const body = JSON.stringify(interaction);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = this.sign(timestamp, body);
    return this.#callApi(
      '/discord/interactions',
      {
        'content-type': 'application/json',
        'user-agent': 'Discord-Interactions/1.0 (+https://discord.com)',
        'x-signature-ed25519': signature,
        'x-signature-timestamp': timestamp,
      },
      body,
    );
  }

  /** As Discord signs a request: over timestamp and body, hex. */
  sign(timestamp: string, body: string): string {
    return sign(null, Buffer.from(timestamp + body), this.#privateKey).toString('hex');
  }
}
