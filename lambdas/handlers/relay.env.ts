import { z } from '../domain/schema.ts';
import { QueueUrlsSchema } from '../domain/severity.ts';
import { json, text } from '../runtime/env-types.ts';

/** For `outbox-relay`, which starts the executions that ingest did not. */
export const OutboxRelayEnv = z.object({
  STATE_MACHINE_ARN: text(),
  QUEUE_URLS: json(QueueUrlsSchema),
  /** Where a stream record goes that cannot be read. */
  DEAD_LETTER_QUEUE_URL: z.url(),
});

/** For `announce-changes`, which tells workflow and channels what became of an incident. */
export const AnnounceChangesEnv = z.object({
  QUEUE_URLS: json(QueueUrlsSchema),
  DEAD_LETTER_QUEUE_URL: z.url(),
});
