import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { buildSync } from 'esbuild';
import { BUNDLING } from '../../../lib/bundles.ts';

/**
 * The least that has the shape of the real thing (put, start, queue, worker) and none of its promises: what a first
 * notification cannot be faster than. Deployed beside it by `npm run bench`.
 */
const app = new App();
const stack = new Stack(app, 'prototype');
const folder = mkdtempSync(join(tmpdir(), 'prototype-'));

function lambda(name: string, environment: Record<string, string>): Function {
  const entry = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  buildSync({ ...BUNDLING, entryPoints: [entry], outfile: join(folder, name, 'index.js') });
  return new Function(stack, name, {
    code: Code.fromAsset(join(folder, name)),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(10),
    environment,
  });
}

const queue = new Queue(stack, 'Queue');
const table = new Table(stack, 'Table', {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  removalPolicy: RemovalPolicy.DESTROY,
});
const workflow = new StateMachine(stack, 'Workflow', {
  definitionBody: DefinitionBody.fromString(
    JSON.stringify({
      StartAt: 'Send',
      States: {
        Send: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage',
          Parameters: { QueueUrl: queue.queueUrl, 'MessageBody.$': '$.body' },
          End: true,
        },
      },
    }),
  ),
});
const ingest = lambda('ingest', {
  TABLE_NAME: table.tableName,
  STATE_MACHINE_ARN: workflow.stateMachineArn,
});
const worker = lambda('worker', { SLACK_BASE_URL: String(app.node.tryGetContext('slack')) });
worker.addEventSource(new SqsEventSource(queue, { batchSize: 5 }));
table.grantWriteData(ingest);
workflow.grantStartExecution(ingest);
queue.grantSendMessages(workflow);
const api = new HttpApi(stack, 'Api');
api.addRoutes({
  path: '/events',
  methods: [HttpMethod.POST],
  integration: new HttpLambdaIntegration('Ingest', ingest),
});
new CfnOutput(stack, 'ApiId', { value: api.apiId });
