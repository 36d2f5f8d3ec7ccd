import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import { channelOf } from '../domain/channel.ts';
import type { DeliveryJob } from '../domain/delivery.ts';
import { type QueueUrls, type Severity, urgencyOf } from '../domain/severity.ts';

/** Puts jobs into the channels' queues. */
export class DeliveryQueues {
  readonly #client: SQSClient;
  readonly #queues: QueueUrls;

  constructor(client: SQSClient, queues: QueueUrls) {
    this.#client = client;
    this.#queues = queues;
  }

  /** Sends each job to its channel's queue of the severity's urgency. */
  async send(severity: Severity, jobs: readonly DeliveryJob[]): Promise<void> {
    const urgency = urgencyOf(severity);
    await Promise.all(
      jobs.map((job) =>
        this.#client.send(
          new SendMessageCommand({
            QueueUrl: this.#queues[channelOf(job.delivery)][urgency],
            MessageBody: JSON.stringify(job),
          }),
        ),
      ),
    );
  }
}

/** Keeps what cannot be read, with why, where operators look. */
export class DeadLetters {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async keep(unreadable: readonly UnreadableItem[]): Promise<void> {
    await Promise.all(
      unreadable.map((each) =>
        this.#client.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: letterOf(each) })),
      ),
    );
  }
}

/** A stream record, and why it cannot be read. */
interface UnreadableItem {
  readonly record: DynamoDBRecord;
  readonly error: string;
}

/** Below SQS's 256 KiB; two images of an item can have 800 KB. */
const MAX_LETTER_BYTES = 240_000;

/** The record whole, or where it does not fit what names it: the item itself is still in the table. */
function letterOf({ record, error }: UnreadableItem): string {
  const whole = JSON.stringify({ record, error });
  if (Buffer.byteLength(whole) <= MAX_LETTER_BYTES) return whole;
  const { eventID, eventName, dynamodb } = record;
  const named = {
    eventID,
    eventName,
    dynamodb: { Keys: dynamodb?.Keys, SequenceNumber: dynamodb?.SequenceNumber },
  };
  return JSON.stringify({ record: named, error: error.slice(0, 1_000), images_left_out: true });
}

/** Says when a message that failed comes again. */
export class MessageVisibility {
  readonly #client: SQSClient;
  readonly #queueUrls: readonly string[];

  /** @param queueUrls the queues that this worker reads */
  constructor(client: SQSClient, queueUrls: readonly string[]) {
    this.#client = client;
    this.#queueUrls = queueUrls;
  }

  /**
   * @param seconds at most 43,200
   * @param eventSourceArn the queue's ARN, as the record carries it
   */
  async comeBackIn(seconds: number, eventSourceArn: string, receiptHandle: string): Promise<void> {
    const name = eventSourceArn.slice(eventSourceArn.lastIndexOf(':') + 1);
    await this.#client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#queueUrls.find((url) => url.endsWith(`/${name}`)),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  }
}
