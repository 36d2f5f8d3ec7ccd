import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { World } from './world.ts';

/**
 * Puts what lies in a dead-letter queue back where it came from, as the operators' tool does where SQS's own redrive
 * cannot be had: received, sent, deleted. Either way a message gets a new id.
 */
export async function redrive(world: World, queueName: string): Promise<number> {
  const { sqs } = world.aws;
  const source = world.stage.queues.find(({ name }) => name === queueName);
  const deadLetters = world.stage.queues.find(({ name }) => name === `${queueName}-dlq`);
  if (source === undefined || deadLetters === undefined) throw new Error(`No queue ${queueName}`);
  for (let moved = 0; ; moved += 1) {
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadLetters.url, VisibilityTimeout: 60 }),
    );
    if (message === undefined) return moved;
    await sqs.send(new SendMessageCommand({ QueueUrl: source.url, MessageBody: message.Body }));
    await sqs.send(
      new DeleteMessageCommand({ QueueUrl: deadLetters.url, ReceiptHandle: message.ReceiptHandle }),
    );
  }
}
