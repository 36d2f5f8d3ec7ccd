import type { WebClient } from '@slack/web-api';
import { DeliveryError, type ProviderReference } from '../../domain/delivery.ts';
import type { Channel, DeliveryContext } from '../../domain/ports.ts';
import { factMessage } from './fact-message.ts';
import { incidentMessage, type SlackMessage } from './message.ts';
import { carries, messagesOf, type StoredMessage } from './stored-message.ts';
import { type SlackCall, slackClient, type SlackClientOptions } from './web-client.ts';

export interface SlackChannelOptions extends SlackClientOptions {
  /** Where incidents are told, `C…`. */
  readonly channelId: string;
}

// Slack recommends no more than 200 a page. Two pages, with the identity and the post, fit into a worker's 15 s.
const PAGE = 200;
const PAGES = 2;
const CLOCK_SKEW_SECONDS = 60;

/** Nothing in a message may reach beyond it: no names turned into mentions, no previews of what is linked. */
const NO_MENTIONS = { parse: 'none', link_names: false } as const;
const QUIET = { ...NO_MENTIONS, unfurl_links: false, unfurl_media: false } as const;

/**
 * Incidents as Block Kit messages. Scopes: `chat:write`, and `channels:history` (`groups:history` for a private
 * channel) for {@link Channel.find} and the threads.
 */
export function createSlackChannel(options: SlackChannelOptions): Channel {
  const call = slackClient(options);
  const { channelId } = options;
  const self = once(() => call('auth.test', (client) => client.auth.test()));
  const isOurs = async (message: StoredMessage): Promise<boolean> => {
    const { user_id: user, bot_id: bot } = await self();
    return (bot !== undefined && message.bot_id === bot) || (user !== undefined && message.user === user);
  };
  const findAmong = async (messages: readonly StoredMessage[], { metadata }: SlackMessage) => {
    for (const message of messages) {
      if (carries(message, metadata.event_type, metadata.event_payload) && (await isOurs(message)))
        return message;
    }
    return undefined;
  };

  return {
    name: 'slack',

    async notify({ incident }) {
      const answer = await call('chat.postMessage', (client) =>
        client.chat.postMessage({ channel: channelId, ...QUIET, ...incidentMessage(incident) }),
      );
      // Posted, but where? The next attempt's look-up will tell.
      if (answer.ts === undefined) throw new DeliveryError('retryable', 'slack chat.postMessage: no ts');
      return { channel: answer.channel ?? channelId, ts: answer.ts };
    },

    /** Newest first, over the latest 400 messages since the incident was accepted. */
    async find({ incident }) {
      const wanted = incidentMessage(incident);
      const oldest = slackTime(Date.parse(incident.received_at) - CLOCK_SKEW_SECONDS * 1_000);
      // Named, because with `oldest` alone Slack starts at that end.
      let latest = slackTime(Date.now() + CLOCK_SKEW_SECONDS * 1_000);
      for (let page = 0; page < PAGES; page += 1) {
        const range = { channel: channelId, oldest, latest, limit: PAGE, include_all_metadata: true };
        const answer = await lookUp(call, 'conversations.history', (client) =>
          client.conversations.history(range),
        );
        const messages = messagesOf(answer);
        const found = await findAmong(messages, wanted);
        if (found !== undefined) return { channel: channelId, ts: found.ts };
        const last = messages.at(-1);
        if (answer.has_more !== true || last === undefined) return undefined;
        latest = last.ts;
      }
      return undefined;
    },

    async update({ incident }, reference) {
      await call('chat.update', (client) =>
        client.chat.update({
          ...placeOf(reference, channelId),
          ...NO_MENTIONS,
          ...incidentMessage(incident),
        }),
      );
    },

    async tell(context: DeliveryContext, reference, fact, factIndex) {
      const message = factMessage(context.incident, fact, factIndex);
      const { channel, ts } = placeOf(reference, channelId);
      const oldest = slackTime(Date.parse(fact.at) - CLOCK_SKEW_SECONDS * 1_000);
      const range = { channel, ts, oldest, limit: PAGE, include_all_metadata: true };
      const thread = await lookUp(call, 'conversations.replies', (client) =>
        client.conversations.replies(range),
      );
      if ((await findAmong(messagesOf(thread), message)) !== undefined) return;
      await call('chat.postMessage', (client) =>
        client.chat.postMessage({ channel, thread_ts: ts, ...QUIET, ...message }),
      );
    },
  };
}

interface Page {
  readonly messages?: unknown;
  readonly has_more?: boolean;
}

/** A missing history scope must not keep an incident from being told: without it, a duplicate is risked instead. */
async function lookUp(
  call: SlackCall,
  what: string,
  request: (client: WebClient) => Promise<Page>,
): Promise<Page> {
  try {
    return await call(what, request);
  } catch (error) {
    if (error instanceof DeliveryError && error.message.endsWith(': missing_scope')) return {};
    throw error;
  }
}

function placeOf(reference: ProviderReference, channelId: string): { channel: string; ts: string } {
  const { channel, ts } = reference as { channel?: string; ts?: string };
  if (ts === undefined) throw new DeliveryError('permanent', 'slack: the delivery has no ts to refer to');
  return { channel: channel ?? channelId, ts };
}

const slackTime = (ms: number): string => (ms / 1_000).toFixed(6);

/** The first success of an asynchronous call, remembered. */
function once<T>(get: () => Promise<T>): () => Promise<T> {
  let known: T | undefined;
  return async () => (known ??= await get());
}
