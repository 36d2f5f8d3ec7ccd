import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { z } from '../lambdas/domain/schema.ts';
import type { EnvironmentOf } from '../lambdas/runtime/env.ts';
import { BundledFunction, type FunctionDefaults } from './bundled-function.ts';
import { accept } from './validation.ts';

/** Which records of the table's stream a relay gets, as Lambda's filter patterns say it. */
export const PATTERNS = {
  /** Accepted events. MODIFY: an event that comes again after its 24 h overwrites the expired item. */
  accepted: {
    eventName: ['INSERT', 'MODIFY'],
    dynamodb: { Keys: { pk: { S: [{ prefix: 'event#' }] }, sk: { S: ['outbox'] } } },
  },
  /** Changes of an incident's own item; not its birth, which the workflow tells of. */
  changed: {
    eventName: ['MODIFY'],
    dynamodb: { Keys: { pk: { S: [{ prefix: 'incident#' }] }, sk: { S: ['incident'] } } },
  },
} as const;

export interface StreamRelayProps<S extends z.ZodMiniType> extends FunctionDefaults {
  readonly entry: string;
  readonly schema: S;
  readonly environment: (deadLetterQueueUrl: string) => EnvironmentOf<S>;
  readonly table: Table;
  readonly pattern: (typeof PATTERNS)[keyof typeof PATTERNS];
}

/**
 * A function on the table's stream. It works through all records of a batch, puts those that it cannot read into the
 * dead-letter queue, and throws when one has to be tried again.
 */
export class StreamRelay<S extends z.ZodMiniType = z.ZodMiniType> extends Construct {
  readonly function: BundledFunction;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: StreamRelayProps<S>) {
    super(scope, id);
    const { table } = props;
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      queueName: `${props.stackName}-${props.entry}-dlq`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    accept(this.deadLetterQueue, 'It is the dead-letter queue of a stream, which SQS cannot know', 'SQS3');

    this.function = new BundledFunction(this, 'Function', {
      ...props,
      environment: props.environment(this.deadLetterQueue.queueUrl),
      // Ten records, three AWS calls of at most 2 s each, one after the other at worst.
      timeout: Duration.seconds(60),
      memorySize: 512,
    });
    new EventSourceMapping(this, 'Mapping', {
      target: this.function,
      ...(table.tableStreamArn === undefined ? {} : { eventSourceArn: table.tableStreamArn }),
      filters: [{ pattern: JSON.stringify(props.pattern) }],
      // LATEST would skip what is written while the mapping is made or made again.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      // Batches of one shard worked on at once; records of one partition key stay in order.
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      // As long as it takes: the records are readable, so what fails is AWS. The stream keeps a record for 24 h;
      // four hours before, its address goes to the dead-letter queue while it can still be read there.
      retryAttempts: -1,
      maxRecordAge: Duration.hours(20),
      // CDK's SqsDlq would grant more than the sending.
      onFailure: { bind: () => ({ destination: this.deadLetterQueue.queueArn }) },
    });
    this.function.allow(['sqs:SendMessage'], this.deadLetterQueue.queueArn);
    this.function.allow(
      ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      table.tableStreamArn ?? '',
    );
    // Asked for by the mapping; lists names only.
    this.function.allow(['dynamodb:ListStreams'], '*');
  }
}
