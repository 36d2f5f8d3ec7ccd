import { z } from '../../domain/schema.ts';

/** What of a message in a channel is needed to know it again. */
const StoredMessage = z.object({
  id: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  author: z.object({ bot: z.optional(z.boolean()) }),
  webhook_id: z.optional(z.string()),
  embeds: z.array(z.object({ footer: z.optional(z.object({ text: z.string() })) })),
});
export type StoredMessage = z.output<typeof StoredMessage>;

/** The messages of a channel's answer that can be read. */
export function messagesOf(answer: unknown): StoredMessage[] {
  const messages: unknown[] = Array.isArray(answer) ? answer : [];
  return messages.flatMap((message) => {
    const read = StoredMessage.safeParse(message);
    return read.success ? [read.data] : [];
  });
}

/** Whether a bot posted this with that footer. People cannot post embeds, and a webhook is none of ours. */
export const hasFooter = (message: StoredMessage, footer: string): boolean =>
  message.author.bot === true &&
  message.webhook_id === undefined &&
  message.embeds.some((embed) => embed.footer?.text === footer);
