import { DeleteMessageCommand, ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import type { World } from './world.ts';

/** Takes everything out of the dead-letter queues of these names. */
export async function emptyDeadLetters(world: World, names: readonly string[]): Promise<Message[]> {
  const taken: Message[] = [];
  for (const { url: QueueUrl } of world.stage.queues.filter(({ name }) => names.includes(name))) {
    for (;;) {
      const { Messages = [] } = await world.aws.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      if (Messages.length === 0) break;
      for (const { ReceiptHandle } of Messages) {
        await world.aws.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      taken.push(...Messages);
    }
  }
  return taken;
}
