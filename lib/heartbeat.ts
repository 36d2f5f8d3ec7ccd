import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { HeartbeatEnv } from '../lambdas/handlers/heartbeat.env.ts';
import type { FunctionDefaults } from './bundled-function.ts';
import type { EscalationWorkflow } from './escalation-workflow.ts';
import type { IncidentApi } from './incident-api.ts';
import type { ProviderSecrets } from './provider-secrets.ts';
import { ScheduledFunction } from './scheduled-function.ts';
import type { Settings } from './settings.ts';

export interface HeartbeatProps extends FunctionDefaults {
  readonly settings: Pick<Settings, 'heartbeat'>;
  readonly table: Table;
  readonly secrets: ProviderSecrets;
  readonly workflow: EscalationWorkflow;
  readonly api: IncidentApi;
}

/**
 * A synthetic incident on a schedule: in by the API, through the workflow, acknowledged by the API. It has no channel
 * and pages nobody (docs/adr/0010-heartbeat-of-its-own-sender.md). The function is there even while the schedule is off,
 * so that an operator can run it by hand.
 */
export class Heartbeat extends ScheduledFunction<typeof HeartbeatEnv> {
  constructor(scope: Construct, id: string, props: HeartbeatProps) {
    const { settings, table, secrets, workflow, api, ...defaults } = props;
    const { enabled, rate_minutes, api_url } = settings.heartbeat;
    super(scope, id, {
      ...defaults,
      entry: 'heartbeat',
      schema: HeartbeatEnv,
      rate: Duration.minutes(rate_minutes),
      enabled,
      environment: {
        API_URL: api_url === '' ? api.api.apiEndpoint : api_url,
        SENDERS_SECRET_ID: secrets.senders.secretArn,
        TABLE_NAME: table.tableName,
        STATE_MACHINE_ARN: workflow.stateMachine.stateMachineArn,
      },
    });
    this.allowSecret(secrets.senders);
    // Whether the workflow waits, and whether it ended.
    this.allow(['dynamodb:GetItem'], table.tableArn);
    workflow.allowDescribe(this);
  }
}
