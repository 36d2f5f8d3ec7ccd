import { isRecord } from '../http.ts';

/** A message in a Discord channel or thread. */
export interface DiscordMessage {
  readonly id: string;
  readonly channel_id: string;
  readonly type: 0;
  readonly author: { id: string; username: string; bot: true };
  readonly timestamp: string;
  readonly nonce?: string | number;
  content: string;
  embeds: unknown[];
  components: unknown[];
  edited_timestamp: string | null;
  allowed_mentions: unknown;
  flags: number;
  thread?: { id: string; name: string; parent_id: string; type: 11 };
}

/** Something only one person sees. */
export interface DiscordEphemeral {
  readonly at: string;
  readonly user: string;
  readonly content: string;
  readonly embeds: unknown[];
  /** The message whose button was pressed. */
  readonly about: string;
}

export const APPLICATION_ID = '1180000000000000001';
export const GUILD_ID = '1180000000000000002';
export const BOT_USER = { id: APPLICATION_ID, username: 'incident-orchestrator', bot: true } as const;

// Discord counts the milliseconds of its ids from the start of 2015.
const EPOCH = 1_420_070_400_000n;
/** How long a nonce makes a repeat return the first message; Discord says "the past few minutes". */
export const NONCE_MS = 5 * 60_000;

/** One Discord channel, its threads, and what was shown to single people. */
export class DiscordGuild {
  readonly channel: string;
  readonly messages: DiscordMessage[] = [];
  readonly ephemerals: DiscordEphemeral[] = [];
  #sequence = 0n;

  constructor(channel: string) {
    this.channel = channel;
  }

  /** A Discord id: its milliseconds, then a number that makes it unique. */
  nextId(): string {
    this.#sequence = (this.#sequence + 1n) % 4_096n;
    return (((BigInt(Date.now()) - EPOCH) << 22n) + this.#sequence).toString();
  }

  hasChannel(id: string): boolean {
    return id === this.channel || this.messages.some((message) => message.thread?.id === id);
  }

  add(channelId: string, fields: Readonly<Record<string, unknown>>): DiscordMessage {
    const { nonce } = fields;
    const message: DiscordMessage = {
      id: this.nextId(),
      channel_id: channelId,
      type: 0,
      author: BOT_USER,
      timestamp: new Date().toISOString(),
      content: '',
      embeds: [],
      components: [],
      edited_timestamp: null,
      allowed_mentions: null,
      flags: typeof fields['flags'] === 'number' ? fields['flags'] : 0,
      ...(typeof nonce === 'string' || typeof nonce === 'number' ? { nonce } : {}),
    };
    this.#write(message, fields);
    this.messages.push(message);
    return message;
  }

  change(message: DiscordMessage, fields: Readonly<Record<string, unknown>>): void {
    this.#write(message, fields);
    message.edited_timestamp = new Date().toISOString();
  }

  /** The message of that nonce within the last minutes. */
  byNonce(channelId: string, nonce: unknown): DiscordMessage | undefined {
    const since = Date.now() - NONCE_MS;
    return this.messages.findLast(
      (message) =>
        message.nonce !== undefined &&
        String(message.nonce) === String(nonce) &&
        message.channel_id === channelId &&
        Date.parse(message.timestamp) > since,
    );
  }

  byId(channelId: string, id: string): DiscordMessage | undefined {
    return this.messages.find((message) => message.id === id && message.channel_id === channelId);
  }

  /** The newest message of the channel itself that names the incident in an embed's footer or a button. */
  byCorrelationId(id: string): DiscordMessage | undefined {
    return this.messages.findLast(
      (message) =>
        message.channel_id === this.channel &&
        (footersOf(message).some((footer) => footer.includes(id)) ||
          buttonsOf(message).some((button) => String(button['custom_id']).includes(id))),
    );
  }

  #write(message: DiscordMessage, fields: Readonly<Record<string, unknown>>): void {
    const { content, embeds, components } = fields;
    if (content !== undefined) message.content = typeof content === 'string' ? content : '';
    if (embeds !== undefined) message.embeds = Array.isArray(embeds) ? embeds : [];
    if (components !== undefined) message.components = Array.isArray(components) ? components : [];
    if (fields['allowed_mentions'] !== undefined) message.allowed_mentions = fields['allowed_mentions'];
  }
}

/** The footers of a message's embeds. */
export const footersOf = (message: DiscordMessage): string[] =>
  message.embeds
    .filter(isRecord)
    .map((embed) => (isRecord(embed['footer']) ? String(embed['footer']['text']) : ''));

/** The buttons of a message that call back (those of style 5 only open a link). */
export const buttonsOf = (message: DiscordMessage): Record<string, unknown>[] =>
  message.components
    .filter(isRecord)
    .flatMap((row) => (Array.isArray(row['components']) ? (row['components'] as unknown[]) : []))
    .filter(isRecord)
    .filter((button) => button['type'] === 2 && button['style'] !== 5 && button['disabled'] !== true);
