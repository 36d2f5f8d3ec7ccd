import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { EngineAddress } from '../../../bin/local/environment.ts';
import type { Aws } from './aws.ts';
import { type Physical, resolve, StackTemplate } from './template.ts';

export interface Queue {
  readonly logicalId: string;
  /** Without the stage's name: `slack-urgent`, `slack-urgent-dlq`. */
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/**
 * The stack without its functions and mappings: the tests call those themselves. Everything else is made from the
 * synthesised template: keys, indexes, streams, redrive policies, timeouts, the workflow.
 */
export interface Stage {
  readonly template: StackTemplate;
  readonly physical: ReadonlyMap<string, Physical>;
  readonly table: string;
  readonly streamArn: string;
  readonly stateMachineArn: string;
  readonly queues: readonly Queue[];
  readonly environments: ReadonlyMap<string, Record<string, string>>;
}

export interface StageOptions {
  readonly aws: Aws;
  readonly engine: EngineAddress;
  readonly templateFile: string;
  /** First part of every name. */
  readonly name: string;
  /** Where functions reach the queues. */
  readonly queueOrigin: string;
  /** By the name in the template: `slack`, `senders` … */
  readonly secrets: Readonly<Record<string, object>>;
  /** Seconds an acknowledgement is waited for; the template's own when absent. */
  readonly windowSeconds?: number;
  readonly maxReceiveCount?: number;
}

export async function makeStage(options: StageOptions): Promise<Stage> {
  const { aws, name } = options;
  const template = new StackTemplate(options.templateFile);
  const physical = new Map<string, Physical>();
  const named = (text: unknown): string => String(text).replace('incident-orchestrator', name);

  const [tableId = '', tableProperties] = template.ofType('AWS::DynamoDB::Table')[0] ?? [];
  const table = `${name}-table`;
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification, BillingMode } =
    tableProperties as unknown as CreateTableCommandInput;
  await aws.dynamoDb.send(
    new CreateTableCommand({
      ...{ TableName: table, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode },
      StreamSpecification: { ...StreamSpecification, StreamEnabled: true },
    }),
  );
  const { Table: made } = await aws.dynamoDb.send(new DescribeTableCommand({ TableName: table }));
  const streamArn = made?.LatestStreamArn ?? '';
  physical.set(tableId, { ref: table, attributes: { StreamArn: streamArn, Arn: made?.TableArn ?? '' } });

  const queues: Queue[] = [];
  // Those without a redrive policy first: they are what the others point at.
  const all = template.ofType('AWS::SQS::Queue');
  const ordered = [
    ...all.filter(([, { RedrivePolicy }]) => RedrivePolicy === undefined),
    ...all.filter(([, { RedrivePolicy }]) => RedrivePolicy !== undefined),
  ];
  for (const [logicalId, properties] of ordered) {
    const queue = await makeQueue(options, physical, named(properties['QueueName']), properties);
    queues.push({ logicalId, name: queue.fullName.slice(name.length + 1), url: queue.url, arn: queue.arn });
    physical.set(logicalId, { ref: queue.url, attributes: { Arn: queue.arn, QueueName: queue.fullName } });
  }

  for (const [logicalId, { Name }] of template.ofType('AWS::SecretsManager::Secret')) {
    const short = String(Name).split('/')[1] ?? '';
    const SecretString = JSON.stringify(options.secrets[short] ?? {});
    const { ARN = '' } = await aws.secrets.send(
      new CreateSecretCommand({ Name: `${name}/${short}`, SecretString }),
    );
    physical.set(logicalId, { ref: ARN });
  }

  const stateMachineArn = await makeWorkflow(options, template, physical);
  return {
    ...{ template, physical, table, streamArn, stateMachineArn, queues },
    environments: template.environments(physical),
  };
}

async function makeQueue(
  { aws, queueOrigin, maxReceiveCount }: StageOptions,
  physical: ReadonlyMap<string, Physical>,
  fullName: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<{ fullName: string; url: string; arn: string }> {
  const redrive = properties['RedrivePolicy'] as
    { deadLetterTargetArn: unknown; maxReceiveCount: number } | undefined;
  const { QueueUrl = '' } = await aws.sqs.send(
    new CreateQueueCommand({
      QueueName: fullName,
      Attributes: {
        VisibilityTimeout: String(Number(properties['VisibilityTimeout'] ?? 30)),
        MessageRetentionPeriod: String(properties['MessageRetentionPeriod']),
        ...(redrive === undefined
          ? {}
          : {
              RedrivePolicy: JSON.stringify({
                deadLetterTargetArn: resolve(redrive.deadLetterTargetArn, physical),
                maxReceiveCount: maxReceiveCount ?? redrive.maxReceiveCount,
              }),
            }),
      },
    }),
  );
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const url = `${queueOrigin}${new URL(QueueUrl).pathname}`;
  return { fullName, url, arn: Attributes?.QueueArn ?? '' };
}

async function makeWorkflow(
  { aws, name, engine, windowSeconds }: StageOptions,
  template: StackTemplate,
  physical: Map<string, Physical>,
): Promise<string> {
  const [logicalId = '', properties = {}] = template.ofType('AWS::StepFunctions::StateMachine')[0] ?? [];
  const substitutions = properties['DefinitionSubstitutions'] as Record<string, unknown>;
  let definition = String(properties['DefinitionString']);
  for (const [key, value] of Object.entries(substitutions)) {
    definition = definition.replaceAll(`\${${key}}`, resolve(value, physical));
  }
  if (windowSeconds !== undefined) {
    const window = /("AwaitAcknowledgement": \{[^]*?"TimeoutSeconds": )\d+/;
    if (!window.test(definition)) throw new Error('The workflow has no window to set');
    definition = definition.replace(window, `$1${windowSeconds}`);
  }
  const { stateMachineArn = '' } = await aws.sfn.send(
    new CreateStateMachineCommand({
      name: `${name}-workflow`,
      definition,
      roleArn: `arn:aws:iam::${engine.account}:role/workflow`,
    }),
  );
  physical.set(logicalId, { ref: stateMachineArn, attributes: { Arn: stateMachineArn } });
  return stateMachineArn;
}

/** The queues that a mapping of that handler reads. */
export const queuesOf = (stage: Stage, handler: string): Queue[] =>
  stage.template
    .mappings()
    .filter((mapping) => mapping.handler === handler)
    .map(({ source }) => stage.queues.find(({ logicalId }) => logicalId === source))
    .filter((queue) => queue !== undefined);
