import { DeliveryError } from '../../domain/delivery.ts';
import type { Channel } from '../../domain/ports.ts';
import { property } from '../json.ts';
import { DiscordClient, type DiscordClientOptions } from './client.ts';
import { footerOf, incidentMessage } from './message.ts';
import { nonceOf } from './nonce.ts';
import { hasFooter, messagesOf } from './stored-message.ts';
import { placeOf, tellInThread } from './thread.ts';

export interface DiscordChannelOptions extends DiscordClientOptions {
  /** Where incidents are told: a text channel's id. */
  readonly channelId: string;
}

// Discord's largest page; two of them and the post fit into a worker's 15 s.
const PAGE = 100;
const PAGES = 2;
const CLOCK_SKEW_MS = 60_000;

/**
 * Incidents as embeds with a button. Permissions: View Channel, Send Messages, Embed Links, Read Message History,
 * Create Public Threads, Send Messages in Threads.
 */
export function createDiscordChannel(options: DiscordChannelOptions): Channel {
  const client = new DiscordClient(options);
  const { channelId } = options;
  return {
    name: 'discord',

    async notify({ incident }) {
      const nonce = nonceOf(incident.correlation_id, 'notify');
      const { json } = await client.call({
        what: 'create message',
        method: 'POST',
        path: `/channels/${channelId}/messages`,
        json: { ...incidentMessage(incident), nonce, enforce_nonce: true },
      });
      const id = property(json, 'id');
      // Made, but which? The nonce brings it back at the next attempt, or the look-up finds it.
      if (typeof id !== 'string')
        throw new DeliveryError('retryable', 'discord create message: no message id');
      return { channel_id: channelId, message_id: id };
    },

    /** For what the nonce has forgotten. Newest first, over the latest 200 messages since the incident was accepted. */
    async find({ incident }) {
      const footer = footerOf(incident);
      const earliest = Date.parse(incident.received_at) - CLOCK_SKEW_MS;
      let before = '';
      for (let page = 0; page < PAGES; page += 1) {
        const path = `/channels/${channelId}/messages?limit=${PAGE}${before}`;
        const { json } = await client.call({ what: 'get messages', method: 'GET', path });
        const messages = messagesOf(json);
        const found = messages.find((message) => hasFooter(message, footer));
        if (found !== undefined) return { channel_id: channelId, message_id: found.id };
        const last = messages.at(-1);
        if (last === undefined || Date.parse(last.timestamp) < earliest) return undefined;
        if (Array.isArray(json) && json.length < PAGE) return undefined;
        before = `&before=${last.id}`;
      }
      return undefined;
    },

    async update({ incident }, reference) {
      const { channel, message } = placeOf(reference, channelId);
      await client.call({
        what: 'edit message',
        method: 'PATCH',
        path: `/channels/${channel}/messages/${message}`,
        json: incidentMessage(incident),
      });
    },

    async tell({ incident }, reference, fact, factIndex) {
      await tellInThread(client, placeOf(reference, channelId), incident, fact, factIndex);
    },
  };
}
