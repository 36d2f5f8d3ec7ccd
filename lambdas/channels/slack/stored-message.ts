import { z } from '../../domain/schema.ts';

/** What of a message in a channel's history is needed to know it again. */
const StoredMessage = z.object({
  ts: z.string(),
  user: z.optional(z.string()),
  bot_id: z.optional(z.string()),
  metadata: z.optional(
    z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }),
  ),
});
export type StoredMessage = z.output<typeof StoredMessage>;

/** The messages of a `conversations.history` or `conversations.replies` answer that can be read. */
export function messagesOf(answer: { readonly messages?: unknown }): StoredMessage[] {
  const messages: unknown[] = Array.isArray(answer.messages) ? answer.messages : [];
  return messages.flatMap((message) => {
    const read = StoredMessage.safeParse(message);
    return read.success ? [read.data] : [];
  });
}

/** Whether a message carries this metadata, every value of it. */
export function carries(
  message: StoredMessage,
  type: string,
  payload: Readonly<Record<string, string | number>>,
): boolean {
  const { metadata } = message;
  if (metadata?.event_type !== type) return false;
  return Object.entries(payload).every(([name, value]) => metadata.event_payload[name] === value);
}
