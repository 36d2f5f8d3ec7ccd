import { Duration, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ChannelName } from '../lambdas/domain/channel.ts';
import type { RetryPolicy } from '../lambdas/domain/retry.ts';
import type { z } from '../lambdas/domain/schema.ts';
import type { Urgency } from '../lambdas/domain/severity.ts';
import type { EnvironmentOf } from '../lambdas/runtime/env.ts';
import { BundledFunction, type FunctionDefaults } from './bundled-function.ts';

/** Three provider calls of 4 s (look-up, message, thread) and the writes around them. */
export const WORKER_TIMEOUT = Duration.seconds(15);
/** Six times the timeout, as the Lambda developer guide asks for: throttled batches wait for a retry inside it. */
const VISIBILITY = Duration.seconds(90);
/** A long weekend: a channel paused on Friday evening still has its messages on Tuesday morning. */
export const JOB_RETENTION = Duration.days(4);
/** SQS's maximum. Counted from the first send, not from the move, so it must be longer than the source's. */
const DEAD_LETTER_RETENTION = Duration.days(14);

/**
 * How many batches of a queue are worked on at once. Two is the least that Lambda takes: enough for a backlog of
 * Sev2 and Sev3, and it leaves most of what the provider takes per second to a Sev1.
 */
const MAX_CONCURRENCY: Record<Urgency, number> = { urgent: 10, standard: 2 };

/** Its messages are worked on at the same time, so one that hangs delays none of the other four. */
const BATCH_SIZE = 5;

/** What the channel itself knows of its worker's environment. */
export interface WorkerEnvironment {
  readonly TABLE_NAME: string;
  readonly RETRY_POLICY: string;
  readonly OWN_QUEUE_URLS: string;
}

export interface NotificationChannelProps<S extends z.ZodMiniType> extends FunctionDefaults {
  readonly channel: ChannelName;
  readonly schema: S;
  /** The worker's environment, given what every worker has. */
  readonly environment: (common: WorkerEnvironment) => EnvironmentOf<S>;
  readonly secret: Secret;
  readonly table: Table;
  readonly retry: RetryPolicy;
  /**
   * Receives beyond `retry.tries` before SQS moves a message to the dead-letter queue: those in which the provider is
   * not called (another worker has the delivery, the channel is paused) or the worker died.
   */
  readonly spareReceives: number;
}

/** One way out to people: an urgent and a standard queue, each with its dead-letter queue, and one worker for both. */
export class NotificationChannel<S extends z.ZodMiniType = z.ZodMiniType> extends Construct {
  readonly channel: ChannelName;
  readonly queues: Readonly<Record<Urgency, Queue>>;
  readonly deadLetterQueues: Readonly<Record<Urgency, Queue>>;
  readonly worker: BundledFunction;
  /** How the worker gets its messages; disabled while the channel is paused. */
  readonly mappings: readonly EventSourceMapping[];
  readonly workerEnvironment: WorkerEnvironment;

  constructor(scope: Construct, id: string, props: NotificationChannelProps<S>) {
    super(scope, id);
    this.channel = props.channel;
    const urgent = this.#pair(props, 'urgent');
    const standard = this.#pair(props, 'standard');
    this.queues = { urgent: urgent.queue, standard: standard.queue };
    this.deadLetterQueues = { urgent: urgent.deadLetterQueue, standard: standard.deadLetterQueue };
    const own = Object.values(this.queues);

    this.workerEnvironment = {
      TABLE_NAME: props.table.tableName,
      RETRY_POLICY: JSON.stringify(props.retry),
      OWN_QUEUE_URLS: Stack.of(this).toJsonString(own.map((queue) => queue.queueUrl)),
    };
    this.worker = new BundledFunction(this, 'Worker', {
      ...props,
      environment: props.environment(this.workerEnvironment),
      entry: `${props.channel}-worker`,
      timeout: WORKER_TIMEOUT,
      memorySize: 512,
    });
    this.mappings = (['urgent', 'standard'] as const).map(
      (urgency) =>
        new EventSourceMapping(this, `${urgency}Mapping`, {
          target: this.worker,
          eventSourceArn: this.queues[urgency].queueArn,
          batchSize: BATCH_SIZE,
          maxConcurrency: MAX_CONCURRENCY[urgency],
          reportBatchItemFailures: true,
        }),
    );
    this.worker.allow(
      [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        // Retry-After and backoff are waited for in the queue.
        'sqs:ChangeMessageVisibility',
      ],
      ...own.map((queue) => queue.queueArn),
    );
    this.worker.allowSecret(props.secret);
    this.worker.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], props.table.tableArn);
  }

  #pair(props: NotificationChannelProps<S>, urgency: Urgency) {
    const name = `${props.stackName}-${props.channel}-${urgency}`;
    const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    const deadLetterQueue = new Queue(this, `${urgency}DeadLetters`, {
      ...common,
      queueName: `${name}-dlq`,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    const queue = new Queue(this, urgency, {
      ...common,
      queueName: name,
      retentionPeriod: JOB_RETENTION,
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: props.retry.tries + props.spareReceives },
    });
    return { queue, deadLetterQueue };
  }
}
