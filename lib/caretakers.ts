import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AuditorEnv } from '../lambdas/handlers/auditor.env.ts';
import { BreakerKeeperEnv } from '../lambdas/handlers/breaker-keeper.env.ts';
import type { FunctionDefaults } from './bundled-function.ts';
import type { Channels } from './channels.ts';
import type { EscalationWorkflow } from './escalation-workflow.ts';
import type { ProviderSecrets } from './provider-secrets.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import type { Settings } from './settings.ts';

export interface CaretakersProps extends FunctionDefaults {
  readonly settings: Settings;
  readonly table: Table;
  readonly secrets: ProviderSecrets;
  readonly channels: Channels;
  readonly workflow: EscalationWorkflow;
  /** As {@link QueueUrlsSchema} has them, JSON. */
  readonly queueUrls: string;
  readonly topic: ITopic;
}

/** What looks after the rest each minute, and tells the operators when it had to do something. */
export class Caretakers extends Construct {
  /** Pauses Zapier while it is down. */
  readonly breakerKeeper: ScheduledFunction;
  /** Helps incidents along whose workflow is missing, failed or stuck. */
  readonly auditor: ScheduledFunction;

  constructor(scope: Construct, id: string, props: CaretakersProps) {
    super(scope, id);
    this.breakerKeeper = this.#breakerKeeper(props);
    this.auditor = this.#auditor(props);
    for (const fn of [this.breakerKeeper, this.auditor]) fn.allow(['sns:Publish'], props.topic.topicArn);
  }

  #breakerKeeper({ table, secrets, channels, workflow, topic, settings, ...defaults }: CaretakersProps) {
    const { mappings, queues, workerEnvironment } = channels.zapier;
    const keeper = new ScheduledFunction(this, 'BreakerKeeper', {
      ...defaults,
      entry: 'breaker-keeper',
      schema: BreakerKeeperEnv,
      environment: {
        ...workerEnvironment,
        BREAKER_POLICY: JSON.stringify(settings.zapier_breaker),
        MAPPING_IDS: Stack.of(this).toJsonString(mappings.map((each) => each.eventSourceMappingId)),
        ALARM_TOPIC_ARN: topic.topicArn,
        ZAPIER_SECRET_ID: secrets.zapier.secretArn,
      },
    });
    // The breaker, and the delivery that is its probe.
    keeper.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], table.tableArn);
    keeper.allow(
      ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
      ...mappings.map((each) => each.eventSourceMappingArn),
    );
    keeper.allow(['sqs:GetQueueAttributes'], ...Object.values(queues).map((queue) => queue.queueArn));
    keeper.allowSecret(secrets.zapier);
    workflow.allow(keeper, 'SendTaskFailure');
    return keeper;
  }

  #auditor({ table, channels, workflow, queueUrls, topic, settings, ...defaults }: CaretakersProps) {
    const auditor = new ScheduledFunction(this, 'Auditor', {
      ...defaults,
      entry: 'auditor',
      schema: AuditorEnv,
      environment: {
        TABLE_NAME: table.tableName,
        STATE_MACHINE_ARN: workflow.stateMachine.stateMachineArn,
        QUEUE_URLS: queueUrls,
        AUDIT_POLICY: JSON.stringify(settings.audit),
        ALARM_TOPIC_ARN: topic.topicArn,
      },
    });
    auditor.allow(['dynamodb:Query'], table.tableArn, `${table.tableArn}/index/watch`);
    auditor.allow(['dynamodb:UpdateItem'], table.tableArn);
    const queues = Object.values(channels).flatMap((channel) => Object.values(channel.queues));
    auditor.allow(['sqs:SendMessage'], ...queues.map((queue) => queue.queueArn));
    workflow.allow(auditor, 'StartExecution');
    workflow.allowDescribe(auditor);
    return auditor;
  }
}
