import { DeliveryError } from '../../domain/delivery.ts';
import type { Incident, IncidentFact } from '../../domain/incident.ts';
import { outcomeOf } from '../outcome.ts';
import { type DiscordClient, errorCode } from './client.ts';
import { factFooter, factMessage, threadName } from './fact-message.ts';
import { nonceOf } from './nonce.ts';
import { hasFooter, messagesOf } from './stored-message.ts';

/** "A thread has already been created for this message". */
const THREAD_EXISTS = 160_004;
// Kept in the channel's list for a day after the last word in it; one of the four values Discord takes.
const ARCHIVE_AFTER_MINUTES = 1_440;

/**
 * Tells a fact in the thread of the incident's message, which is started with the first one. The nonce keeps a
 * repeat of the last minutes from showing twice; what is older is looked for.
 */
export async function tellInThread(
  client: DiscordClient,
  place: { readonly channel: string; readonly message: string },
  incident: Incident,
  fact: IncidentFact,
  factIndex: number,
): Promise<void> {
  // A thread that starts at a message has the message's id.
  const thread = place.message;
  const existed = await startThread(client, place, incident);
  if (existed) {
    const recent = {
      what: 'get thread messages',
      method: 'GET',
      path: `/channels/${thread}/messages?limit=100`,
    } as const;
    const footer = factFooter(incident, factIndex);
    const { json } = await client.call(recent);
    if (messagesOf(json).some((message) => hasFooter(message, footer))) return;
  }
  const nonce = nonceOf(incident.correlation_id, `fact:${factIndex}`);
  await client.call({
    what: 'create thread message',
    method: 'POST',
    path: `/channels/${thread}/messages`,
    json: { ...factMessage(incident, fact, factIndex), nonce, enforce_nonce: true },
  });
}

/** @returns whether there was one already */
async function startThread(
  client: DiscordClient,
  place: { readonly channel: string; readonly message: string },
  incident: Incident,
): Promise<boolean> {
  const request = {
    what: 'start thread',
    method: 'POST',
    path: `/channels/${place.channel}/messages/${place.message}/threads`,
    json: { name: threadName(incident), auto_archive_duration: ARCHIVE_AFTER_MINUTES },
  } as const;
  const answer = await client.answerTo(request);
  if (outcomeOf(answer.status) === 'success') return false;
  if (errorCode(answer) === THREAD_EXISTS) return true;
  throw client.failure(request, answer);
}

/** The ids that a delivery's reference must hold. */
export function placeOf(
  reference: Readonly<Record<string, string>>,
  channelId: string,
): { channel: string; message: string } {
  const message = reference['message_id'];
  if (message === undefined) throw new DeliveryError('permanent', 'discord: the delivery has no message id');
  return { channel: reference['channel_id'] ?? channelId, message };
}
