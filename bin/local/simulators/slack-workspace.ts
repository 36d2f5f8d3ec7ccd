import { isRecord } from '../http.ts';
import type { Person } from './simulator.ts';

/** A message in a Slack channel. */
export interface SlackMessage {
  readonly type: 'message';
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly bot_id: string;
  readonly app_id: string;
  readonly team: string;
  readonly thread_ts?: string;
  text: string;
  blocks: unknown[];
  metadata?: unknown;
  edited?: { user: string; ts: string };
  deleted?: boolean;
  readonly reactions: { name: string; users: string[] }[];
}

/** Something only one person sees. */
export interface SlackEphemeral {
  readonly at: string;
  readonly channel: string;
  readonly user: string | null;
  readonly text: string;
  readonly blocks: unknown[];
  /** The message it answers, where that is known. */
  readonly about?: string;
}

export const TEAM = { id: 'T0LOCAL01', domain: 'local' };
export const APP_ID = 'A0LOCAL01';
export const BOT = { user: 'U0LOCALBOT', bot: 'B0LOCAL01', name: 'incident-orchestrator' };

/** One Slack channel's messages, and what was shown to single people. */
export class SlackWorkspace {
  readonly channel: string;
  readonly messages: SlackMessage[] = [];
  readonly ephemerals: SlackEphemeral[] = [];
  #lastMicros = 0;

  constructor(channel: string) {
    this.channel = channel;
  }

  /** A message id: seconds with six decimals, different for each message. */
  nextTs(): string {
    this.#lastMicros = Math.max(Date.now() * 1_000, this.#lastMicros + 1);
    return `${Math.floor(this.#lastMicros / 1e6)}.${String(this.#lastMicros % 1e6).padStart(6, '0')}`;
  }

  add(content: { text: string; blocks: unknown[]; metadata?: unknown; thread_ts?: string }): SlackMessage {
    const message: SlackMessage = {
      type: 'message',
      ts: this.nextTs(),
      channel: this.channel,
      user: BOT.user,
      bot_id: BOT.bot,
      app_id: APP_ID,
      team: TEAM.id,
      reactions: [],
      ...content,
      blocks: withIds(content.blocks),
    };
    this.messages.push(message);
    return message;
  }

  change(message: SlackMessage, content: { text?: string; blocks?: unknown[]; metadata?: unknown }): void {
    if (content.text !== undefined) message.text = content.text;
    if (content.blocks !== undefined) message.blocks = withIds(content.blocks);
    if (content.metadata !== undefined) message.metadata = content.metadata;
    message.edited = { user: BOT.user, ts: this.nextTs() };
  }

  byTs(ts: string | undefined): SlackMessage | undefined {
    return this.messages.find((message) => message.ts === ts && message.deleted !== true);
  }

  /** The newest message of the channel itself that carries the incident's metadata. */
  byCorrelationId(id: string): SlackMessage | undefined {
    return this.messages.findLast(
      (message) => message.thread_ts === undefined && !message.deleted && correlationIdOf(message) === id,
    );
  }

  react(message: SlackMessage, name: string, person: Person): void {
    const reaction = message.reactions.find((each) => each.name === name);
    if (reaction === undefined) message.reactions.push({ name, users: [person.id] });
    else if (!reaction.users.includes(person.id)) reaction.users.push(person.id);
  }
}

/** The incident that a message's metadata names. */
export function correlationIdOf(message: SlackMessage): string | undefined {
  const payload = isRecord(message.metadata) ? message.metadata['event_payload'] : undefined;
  const id = isRecord(payload) ? payload['correlation_id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** The buttons of a message that call back (those with a URL only open it). */
export function buttonsOf(message: SlackMessage): { block_id: string; button: Record<string, unknown> }[] {
  return message.blocks.filter(isRecord).flatMap((block) => {
    const elements: unknown[] = Array.isArray(block['elements']) ? block['elements'] : [block['accessory']];
    return elements
      .filter(isRecord)
      .filter((element) => element['type'] === 'button' && element['url'] === undefined)
      .map((button) => ({ block_id: String(block['block_id']), button }));
  });
}

/** Slack names blocks and elements that the app left unnamed. */
function withIds(blocks: readonly unknown[]): unknown[] {
  return blocks.map((block, index) => (isRecord(block) ? { block_id: `b${index}`, ...block } : block));
}
