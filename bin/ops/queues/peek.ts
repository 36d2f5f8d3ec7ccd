import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { parse } from '../../../lambdas/domain/schema.ts';
import { type DeliveryJob, DeliveryJobSchema } from '../../../lambdas/domain/delivery.ts';
import type { CommandContext } from '../command-context.ts';
import type { QueueState } from './inventory.ts';

/** A dead letter, looked at and put back. */
export interface DeadLetter {
  readonly message_id: string;
  /** When it was first sent, ISO 8601; a move between queues does not change it. */
  readonly sent_at: string;
  readonly body: string;
  /** Undefined when the body is no delivery job. */
  readonly job: DeliveryJob | undefined;
}

/** Enough to see what is wrong; a queue with more has the same few reasons over and over. */
const MAX_PEEKED = 100;
/** Hidden from us while we look for more; put back sooner, at the end. */
const HIDDEN_SECONDS = 20;
/** SQS answers from some of its servers only: an empty answer is believed the third time. */
const EMPTY_ANSWERS = 3;

/**
 * Looks at a dead-letter queue without taking anything out. Not for the queues that workers read: there, being looked
 * at would count as a receive.
 */
export async function peek(ops: CommandContext, { url, visible }: QueueState): Promise<DeadLetter[]> {
  const seen = new Map<string, Message>();
  let empty = visible === 0 ? EMPTY_ANSWERS : 0;
  while (empty < EMPTY_ANSWERS && seen.size < Math.min(visible, MAX_PEEKED)) {
    const { Messages: messages = [] } = await ops.clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: HIDDEN_SECONDS,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    if (messages.length === 0) empty += 1;
    for (const message of messages) seen.set(message.MessageId ?? '', message);
  }
  await putBack(ops, url, [...seen.values()]);
  return [...seen.values()].map(deadLetter).sort((a, b) => a.sent_at.localeCompare(b.sent_at));
}

async function putBack(ops: CommandContext, url: string, messages: readonly Message[]): Promise<void> {
  for (let from = 0; from < messages.length; from += 10) {
    const entries = messages.slice(from, from + 10).map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await ops.clients.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: entries }));
  }
}

/** A message as a dead letter. */
export function deadLetter({ MessageId, Body: body = '', Attributes: attributes }: Message): DeadLetter {
  const job = parse(DeliveryJobSchema, parseJson(body));
  return {
    message_id: MessageId ?? '',
    sent_at: new Date(Number(attributes?.SentTimestamp ?? 0)).toISOString(),
    body,
    job: job.ok ? job.value : undefined,
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
