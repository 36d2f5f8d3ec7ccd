import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

const COUNTED = [
  'ApproximateNumberOfMessages',
  // Put off, or with a worker.
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** How many messages lie in these queues, about; SQS counts no closer. */
export async function messagesIn(client: SQSClient, queueUrls: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    queueUrls.map(async (QueueUrl) => {
      const { Attributes: found = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTED] }),
      );
      return COUNTED.reduce((sum, name) => sum + Number(found[name] ?? 0), 0);
    }),
  );
  return counts.reduce((sum, each) => sum + each, 0);
}
