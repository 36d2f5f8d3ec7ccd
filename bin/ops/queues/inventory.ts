import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { type ChannelName, CHANNELS } from '../../../lambdas/domain/channel.ts';
import type { Urgency } from '../../../lambdas/domain/severity.ts';
import { isNamed, OpsError } from '../cli/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { oldestMessageAges } from '../target/cloudwatch.ts';
import { environmentOf } from '../target/deployment.ts';

/** One queue as it is now. */
export interface QueueState {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly kind: 'queue' | 'dead-letters';
  /** A channel, or the relay whose unreadable stream records it has. */
  readonly owner: ChannelName | Relay;
  readonly urgency: Urgency | undefined;
  /** Messages that can be received, are being worked on, and come later. */
  readonly visible: number;
  readonly in_flight: number;
  readonly delayed: number;
  /** Seconds; undefined where nobody knows (CloudWatch has no data point yet, or there is no CloudWatch). */
  readonly oldest_age_seconds: number | undefined;
}

export const RELAYS = ['outbox-relay', 'announce-changes'] as const;
export type Relay = (typeof RELAYS)[number];

/** How many messages are in a queue, wherever they stand. */
export const depthOf = ({ visible, in_flight, delayed }: QueueState): number => visible + in_flight + delayed;

type QueueId = Pick<QueueState, 'kind' | 'owner' | 'urgency'>;

/** Every queue of the stack: each channel's two with their dead-letter queues, then the relays'. */
export async function readQueues(ops: CommandContext): Promise<QueueState[]> {
  const { QUEUE_URLS } = (await ops.deployment()).ingest;
  const pairs = CHANNELS.flatMap((owner) =>
    (['urgent', 'standard'] as const).map((urgency) =>
      readPair(ops, QUEUE_URLS[owner][urgency], { owner, urgency }),
    ),
  );
  const relays = RELAYS.map(async (owner) => {
    const { DEAD_LETTER_QUEUE_URL: url = '' } = await environmentOf(ops.target, ops.clients, owner);
    return [(await readQueue(ops, url, { kind: 'dead-letters', owner, urgency: undefined })).state];
  });
  const queues = (await Promise.all([...pairs, ...relays])).flat();
  const ages = await oldestMessageAges(
    ops,
    queues.map(({ name }) => name),
  );
  return queues.map((queue) => ({ ...queue, oldest_age_seconds: ages.get(queue.name) }));
}

async function readPair(ops: CommandContext, url: string, id: Omit<QueueId, 'kind'>): Promise<QueueState[]> {
  const { state, deadLetterTarget } = await readQueue(ops, url, { kind: 'queue', ...id });
  const name = deadLetterTarget.slice(deadLetterTarget.lastIndexOf(':') + 1);
  const { QueueUrl: deadLetterUrl = '' } = await ops.clients.sqs.send(
    new GetQueueUrlCommand({ QueueName: name }),
  );
  return [state, (await readQueue(ops, deadLetterUrl, { kind: 'dead-letters', ...id })).state];
}

async function readQueue(
  ops: CommandContext,
  url: string,
  id: QueueId,
): Promise<{ state: QueueState; deadLetterTarget: string }> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
  const { Attributes: attributes = {} } = await ops.clients.sqs.send(command).catch((cause: unknown) => {
    if (!isNamed(cause, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue')) throw cause;
    throw new OpsError(`The queue ${name} is gone.`, ops.target.deployCommand, { cause });
  });
  const redrive = JSON.parse(attributes.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string };
  return {
    state: {
      ...id,
      name,
      url,
      arn: attributes.QueueArn ?? '',
      visible: Number(attributes.ApproximateNumberOfMessages ?? 0),
      in_flight: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0),
      oldest_age_seconds: undefined,
    },
    deadLetterTarget: redrive.deadLetterTargetArn ?? '',
  };
}
