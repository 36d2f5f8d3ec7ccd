import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { messageOf, OpsError } from '../cli/errors.ts';
import { type DeadLetter, deadLetter } from './peek.ts';

/** Longer than ten sends and deletes take; what a dead command held is back after it. */
const HIDDEN_SECONDS = 60;
const EMPTY_ANSWERS = 3;

export interface HandMove {
  readonly from: string;
  readonly to: string;
  /** Those for which it is false stay. */
  readonly wanted: (letter: DeadLetter) => boolean;
  readonly moved: (letter: DeadLetter) => void;
}

/**
 * Moves dead letters one by one: receive, send, delete. Sent before it is deleted, so that none is lost wherever this
 * ends; one that is there twice then makes no second call, for its delivery is claimed once.
 *
 * @returns how many were moved
 * @throws OpsError telling how many were moved before it failed
 */
export async function moveByHand(sqs: SQSClient, { from, to, wanted, moved }: HandMove): Promise<number> {
  // What failed again meanwhile is in the queue anew, under a later time: not for this run.
  const startedAt = new Date().toISOString();
  const left = new Map<string, Message>();
  const taken = new Set<string>();
  let empty = 0;
  try {
    while (empty < EMPTY_ANSWERS) {
      const messages = (await receive(sqs, from)).filter(
        ({ MessageId: id = '' }) => !left.has(id) && !taken.has(id),
      );
      if (messages.length === 0) empty += 1;
      for (const message of messages) {
        const letter = deadLetter(message);
        if (letter.sent_at > startedAt || !wanted(letter)) {
          left.set(letter.message_id, message);
          continue;
        }
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: to,
            MessageBody: message.Body,
            MessageAttributes: message.MessageAttributes,
          }),
        );
        taken.add(letter.message_id);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle }));
        moved(letter);
      }
    }
  } catch (cause) {
    throw new OpsError(
      `The replay stopped after ${taken.size} messages: ${messageOf(cause)}. None is lost.`,
      'Run it again; a message that was sent twice is delivered once',
      { cause },
    );
  } finally {
    await putBack(sqs, from, left.values());
  }
  return taken.size;
}

async function receive(sqs: SQSClient, url: string): Promise<Message[]> {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: HIDDEN_SECONDS,
      MessageSystemAttributeNames: ['SentTimestamp'],
      MessageAttributeNames: ['All'],
    }),
  );
  return messages;
}

/** Best effort: what stays hidden comes back by itself within a minute. */
async function putBack(sqs: SQSClient, url: string, messages: Iterable<Message>): Promise<void> {
  for (const { ReceiptHandle } of messages) {
    await sqs
      .send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }))
      .catch(() => undefined);
  }
}
