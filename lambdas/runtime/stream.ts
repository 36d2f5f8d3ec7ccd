import middy from '@middy/core';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { DeadLetters } from '../aws/queues.ts';
import type { Item } from '../aws/items.ts';
import { observed } from './middleware.ts';
import { logger } from './telemetry.ts';

/** A record's two images, as the SDK's types have them. */
export interface Change {
  readonly before: Item | undefined;
  readonly after: Item;
}

/** Thrown by a reader of records: this one will never be readable. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
}

/**
 * A handler of the table's stream. Every record is worked at, then the first failure is thrown: the stream brings
 * the batch again, and what was done once is done again without effect. What cannot be read is put aside, so that it
 * blocks nothing behind it.
 */
export function streamHandler<T>(options: {
  /** @throws UnreadableRecord, or returns undefined for a record that is none of its business */
  readonly read: (change: Change) => T | undefined;
  readonly handle: (work: T) => Promise<void>;
  readonly deadLetters: DeadLetters;
}) {
  return middy<DynamoDBStreamEvent, undefined>()
    .use(observed())
    .handler(async (event) => {
      const unreadable: { record: DynamoDBRecord; error: string }[] = [];
      const work: T[] = [];
      for (const record of event.Records) {
        try {
          const each = options.read(imagesOf(record));
          if (each !== undefined) work.push(each);
        } catch (error) {
          unreadable.push({ record, error: String(error) });
          logger.error('Unreadable stream record; kept in the dead-letter queue', {
            error,
            eventID: record.eventID,
          });
        }
      }
      const results = await Promise.allSettled(work.map((each) => options.handle(each)));
      const failures = results
        .filter((result) => result.status === 'rejected')
        .map(({ reason }) => reason as unknown);
      if (failures.length > 0) {
        throw new AggregateError(
          failures,
          `${failures.length} of ${work.length} records failed; the stream brings them again`,
        );
      }
      // Last, so that a batch that comes again leaves no second copy of what cannot be read.
      await options.deadLetters.keep(unreadable);
      return undefined;
    });
}

function imagesOf(record: DynamoDBRecord): Change {
  const after = record.dynamodb?.NewImage;
  if (after === undefined) throw new UnreadableRecord('The record has no new image');
  // Two declarations of one wire format: Lambda's types and the SDK's.
  return {
    before: record.dynamodb?.OldImage as Record<string, AttributeValue> | undefined,
    after: after as Record<string, AttributeValue>,
  };
}
