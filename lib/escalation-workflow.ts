import { readFileSync } from 'node:fs';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import { accept } from './validation.ts';

const file = new URL('../statemachines/incident-escalation.asl.json', import.meta.url);
const WINDOW = /("AwaitAcknowledgement": \{[^]*?"TimeoutSeconds": )\d+/;

/**
 * The definition with its acknowledgement window.
 *
 * @param windowSeconds what the severities that page have in the settings; undefined leaves the file's 300 s
 */
export function definition(windowSeconds?: number): string {
  const text = readFileSync(file, 'utf8');
  if (!WINDOW.test(text)) throw new Error(`No TimeoutSeconds in AwaitAcknowledgement of ${file.pathname}`);
  return windowSeconds === undefined ? text : text.replace(WINDOW, `$1${windowSeconds}`);
}

export interface EscalationWorkflowProps {
  readonly stackName: string;
  readonly logRetention: RetentionDays;
  readonly table: Table;
  /** Every queue an execution may be told to send to. */
  readonly queues: readonly IQueue[];
  readonly windowSeconds: number | undefined;
}

/** The state machine made from `statemachines/incident-escalation.asl.json`; one execution per incident. */
export class EscalationWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly name: string;

  constructor(scope: Construct, id: string, props: EscalationWorkflowProps) {
    super(scope, id);
    const name = `${props.stackName}-incident-escalation`;
    this.name = name;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(definition(props.windowSeconds)),
      definitionSubstitutions: { TableName: props.table.tableName },
      tracingEnabled: true,
      logs: {
        // Log groups under this prefix share one resource policy, whose size CloudWatch Logs limits.
        destination: new LogGroup(this, 'Logs', {
          logGroupName: `/aws/vendedlogs/states/${name}`,
          retention: props.logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // It would hold task tokens; the execution's own history has the data.
        includeExecutionData: false,
      },
    });
    // The definition is text to CDK, so nothing is granted by itself.
    const grant = (action: string, resources: string[]) => {
      this.stateMachine.addToRolePolicy(new PolicyStatement({ actions: [action], resources }));
    };
    grant(
      'sqs:SendMessage',
      props.queues.map((queue) => queue.queueArn),
    );
    grant('dynamodb:UpdateItem', [props.table.tableArn]);
    accept(this.stateMachine.role, 'Log delivery and X-Ray have no resources to name', 'IAM5[Resource::*]');
  }

  /** Lets a function start executions, or answer the tokens that they wait for. */
  allow(fn: BundledFunction, ...actions: ('StartExecution' | 'SendTaskSuccess' | 'SendTaskFailure')[]): void {
    const names = actions.map((action) => `states:${action}`);
    fn.allow(names, this.stateMachine.stateMachineArn);
  }

  /** Lets a function ask what became of an execution. */
  allowDescribe(fn: BundledFunction): void {
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.name}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    fn.allow(['states:DescribeExecution'], executions);
    const finding = `IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${this.name}:*]`;
    if (fn.role) accept(fn.role, 'Executions are named by incidents that are not there yet', finding);
  }
}
