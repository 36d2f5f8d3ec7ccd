import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetEventSourceMappingCommand,
  InvokeCommand,
  LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { engineCredentials } from '../../../bin/local/environment.ts';
import type { LocalStackOptions } from '../../../bin/local/stack.ts';
import { messagesIn } from '../../../lambdas/aws/breaker-queues.ts';
import { Orchestrator } from '../../e2e/support/orchestrator.ts';

/** The physical names' first part; the stack runs on an engine of its own. */
const STACK = 'incident-orchestrator';

/**
 * The deployed orchestrator, with hands on what its caretakers look after. Their schedules are stopped: a test calls
 * them when it is time.
 */
export class Caretaking {
  readonly orchestrator: Orchestrator;
  readonly dynamoDb: DynamoDBClient;
  readonly stepFunctions: SFNClient;
  readonly #lambda: LambdaClient;
  readonly #sns: SNSClient;
  readonly #sqs: SQSClient;
  readonly #notices: string[] = [];
  #noticeQueue = '';

  private constructor(orchestrator: Orchestrator) {
    this.orchestrator = orchestrator;
    const { engineEndpoint: endpoint, account, region } = orchestrator.stack;
    const config = { endpoint, region, credentials: engineCredentials(account) };
    this.dynamoDb = new DynamoDBClient(config);
    this.stepFunctions = new SFNClient(config);
    this.#lambda = new LambdaClient(config);
    this.#sns = new SNSClient(config);
    this.#sqs = new SQSClient(config);
  }

  static async start(options: LocalStackOptions): Promise<Caretaking> {
    const caretaking = new Caretaking(await Orchestrator.start(options));
    await caretaking.#stopSchedules();
    await caretaking.#listen();
    return caretaking;
  }

  get table(): string {
    return this.orchestrator.stack.outputs.TableName;
  }

  /** Calls a function as its schedule does, and returns what it returned. */
  async call(entry: 'breaker-keeper' | 'auditor' | 'heartbeat'): Promise<unknown> {
    const answer = await this.#lambda.send(new InvokeCommand({ FunctionName: `${STACK}-${entry}` }));
    const text = answer.Payload?.transformToString() ?? '';
    if (answer.FunctionError !== undefined) throw new Error(`${entry} failed: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** States of the event source mappings of a channel's worker. */
  async mappings(channel: string): Promise<string[]> {
    const states: string[] = [];
    const pages = paginateListEventSourceMappings(
      { client: this.#lambda },
      { FunctionName: `${STACK}-${channel}-worker` },
    );
    for await (const page of pages) {
      for (const { UUID } of page.EventSourceMappings ?? []) {
        const mapping = await this.#lambda.send(new GetEventSourceMappingCommand({ UUID }));
        states.push(mapping.State ?? '');
      }
    }
    return states;
  }

  /** Messages in a queue, whatever their state. */
  async depth(queue: string): Promise<number> {
    return messagesIn(this.#sqs, [this.#url(`${STACK}-${queue}`)]);
  }

  /** Subjects of what the operators were told so far, oldest first; the alarms' own mails left out. */
  async told(): Promise<string[]> {
    for (;;) {
      const { Messages: found = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl: this.#noticeQueue, MaxNumberOfMessages: 10 }),
      );
      for (const { Body: body = '{}' } of found) {
        const { Subject: subject = '', Message: message = '' } = JSON.parse(body) as Record<string, string>;
        if (!subject.startsWith('ALARM') && !subject.startsWith('OK'))
          this.#notices.push(`${subject}\n${message}`);
      }
      // Those received stay hidden, so none comes twice.
      if (found.length === 0) return this.#notices;
    }
  }

  async #listen(): Promise<void> {
    const { Topics: topics = [] } = await this.#sns.send(new ListTopicsCommand({}));
    const TopicArn = topics.find((each) => each.TopicArn?.endsWith(`:${STACK}-alarms`))?.TopicArn;
    const { QueueUrl = '' } = await this.#sqs.send(
      new CreateQueueCommand({ QueueName: 'told', Attributes: { VisibilityTimeout: '3600' } }),
    );
    this.#noticeQueue = QueueUrl;
    const { Attributes: found } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    await this.#sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: found?.QueueArn }));
  }

  #url(queue: string): string {
    return `${this.orchestrator.stack.engineEndpoint}/${this.orchestrator.stack.account}/${queue}`;
  }

  /** By hand: the project has no client of EventBridge, for nothing of it calls EventBridge. */
  async #stopSchedules(): Promise<void> {
    const { Rules: rules = [] } = (await this.#events('ListRules', {})) as { Rules?: { Name: string }[] };
    if (rules.length === 0) throw new Error('No schedule was deployed');
    for (const { Name } of rules) await this.#events('DisableRule', { Name });
  }

  async #events(action: string, body: object): Promise<unknown> {
    const { engineEndpoint, account, region } = this.orchestrator.stack;
    const response = await fetch(engineEndpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSEvents.${action}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/events/aws4_request, SignedHeaders=host, Signature=none`,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
