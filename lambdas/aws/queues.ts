import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
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

  async keep(unreadable: { readonly record: unknown; readonly error: string }[]): Promise<void> {
    if (unreadable.length === 0) return;
    // Ten is SQS's limit for one batch.
    for (let from = 0; from < unreadable.length; from += 10) {
      const entries = unreadable
        .slice(from, from + 10)
        .map((each, index) => ({ Id: String(index), MessageBody: JSON.stringify(each) }));
      const sent = await this.#client.send(
        new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries: entries }),
      );
      const failed = sent.Failed?.[0];
      if (failed !== undefined)
        throw new Error(`Dead letter not kept: ${failed.Code ?? ''} ${failed.Message ?? ''}`);
    }
  }
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
