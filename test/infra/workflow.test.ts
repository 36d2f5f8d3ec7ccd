import { readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../lambdas/domain/channel.ts';
import { DeliveryJobSchema } from '../../lambdas/domain/delivery.ts';
import { definition } from '../../lib/escalation-workflow.ts';
import { JOB_RETENTION } from '../../lib/notification-channel.ts';
import { allStates, entered, patience, type State, type StateMachine } from './asl.ts';
import { grantsTo } from '../support/grants.ts';
import { ofType, target } from '../support/resources.ts';
import { synthesise } from './synth.ts';

const text = readFileSync(
  new URL('../../statemachines/incident-escalation.asl.json', import.meta.url),
  'utf8',
);
const machine = JSON.parse(text) as StateMachine;
const states = allStates(machine);

function stateNamed(name: string): State {
  const state = states.get(name);
  if (state === undefined) throw new Error(`No state ${name}`);
  return state;
}

/** Sev1's four: Slack, Discord, and Zapier's two. */
const items = 4;
const run = (errorOf: (state: string, item: number) => string | undefined) =>
  entered(machine, { items, errorOf });
const awaiting = (error: string) => (state: string) => (state === 'AwaitAcknowledgement' ? error : undefined);

describe('incident-escalation.asl.json', () => {
  it('is valid', () => {
    expect(validate(JSON.parse(text), { checkArn: true, checkPaths: true }).errors).toEqual([]);
  });

  it('waits 300 s for an acknowledgement, as a literal', () => {
    expect(stateNamed('AwaitAcknowledgement').TimeoutSeconds).toBe(300);
  });

  it('waits for a delivery as long as its job can lie in the queue', () => {
    expect(stateNamed('Deliver').TimeoutSeconds).toBe(JOB_RETENTION.toSeconds());
  });

  it('bounds every wait for a token', () => {
    for (const [name, { Resource: resource, TimeoutSeconds: timeout }] of states) {
      if (resource?.endsWith('.waitForTaskToken') === true) expect(timeout, name).toBeGreaterThan(0);
    }
  });

  it.each([
    ['notify', stateNamed('Deliver'), 'zapier-jira'],
    ['page', stateNamed('Page'), 'pagerduty'],
  ])('sends a job that a worker can read: %s', (_, { Parameters: parameters }, delivery) => {
    const body = Object.entries(parameters?.['MessageBody'] as Record<string, string>).map(([key, value]) => [
      key.replace(/\.\$$/, ''),
      { correlation_id: '018f6b1e-0000-7000-8000-000000000000', delivery }[key.replace(/\.\$$/, '')] ?? value,
    ]);
    const job: unknown = Object.fromEntries(body);
    expect(DeliveryJobSchema.parse(job)).toEqual(job);
  });
});

describe('paths', () => {
  it('acknowledged: 7 transitions', () => {
    const path = run(() => undefined);
    expect(path).toHaveLength(7);
    expect(path).not.toContain('Page');
  });

  it.each(['States.Timeout', 'NobodyReachable', 'DynamoDb.DynamoDbException', 'States.Permissions'])(
    '%s: pages within 9 transitions',
    (error) => {
      const path = run(awaiting(error));
      expect(path.at(-1)).toBe('Page');
      expect(path.length).toBeLessThanOrEqual(9);
    },
  );

  it('acknowledged before it waits, or of a severity that pages nobody: ends without a page', () => {
    const path = run(awaiting('DynamoDb.ConditionalCheckFailedException'));
    expect(path.at(-1)).toBe('NobodyToWaitFor');
  });

  it.each(['DeliveryFailed', 'States.Timeout', 'SQS.AmazonSQSException', 'States.Permissions'])(
    'a delivery that ends with %s ends nothing else',
    (error) => {
      const path = run((state, item) => (state === 'Deliver' && item === 1 ? error : undefined));
      expect(path.filter((name) => name === 'Deliver')).toHaveLength(items);
      expect(path).toContain('AwaitAcknowledgement');
    },
  );
});

describe('retries', () => {
  it('never wait a second time for a person or a worker', () => {
    for (const name of ['Deliver', 'AwaitAcknowledgement']) {
      const retried = stateNamed(name).Retry?.flatMap((each) => each.ErrorEquals) ?? [];
      // What the state's own call can end with; not its timeout, nor what is answered to its token.
      expect(retried.filter((error) => !/^(SQS|DynamoDb)\./.test(error))).toEqual([]);
      expect(retried).not.toContain('DynamoDb.ConditionalCheckFailedException');
    }
  });

  it('move the deadline by 15 s at most', () => {
    const waits = stateNamed('AwaitAcknowledgement').Retry?.map(patience) ?? [];
    expect(Math.max(...waits)).toBeLessThanOrEqual(15);
  });

  it('of the page outlast every delivery, so that giving it up cancels none', () => {
    const [retrier] = stateNamed('Page').Retry ?? [];
    expect(retrier?.ErrorEquals).toEqual(['States.ALL']);
    const seconds = retrier === undefined ? 0 : patience(retrier);
    expect(seconds).toBeGreaterThan(stateNamed('Deliver').TimeoutSeconds ?? Infinity);
    // Three events a try, of 25,000 that a history may have.
    expect(3 * (retrier?.MaxAttempts ?? Infinity)).toBeLessThan(20_000);
  });
});

describe('state machine', () => {
  const { resources, settings } = synthesise();
  const [stateMachine] = ofType(resources, 'AWS::StepFunctions::StateMachine').map(([, each]) => each);
  if (stateMachine === undefined) throw new Error('No state machine');
  const deployed = String(stateMachine.Properties['DefinitionString']);

  it('is the file, with the window of the settings', () => {
    expect(deployed).toBe(definition(settings.severities.sev1.acknowledgement_window_seconds));
    expect(JSON.parse(deployed)).toEqual(machine);
    const shortened = JSON.parse(definition(2)) as StateMachine;
    expect(allStates(shortened).get('AwaitAcknowledgement')?.TimeoutSeconds).toBe(2);
    expect(allStates(shortened).get('Deliver')?.TimeoutSeconds).toBe(345_600);
  });

  it('has every placeholder filled in', () => {
    const placeholders = [...deployed.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    const substitutions = stateMachine.Properties['DefinitionSubstitutions'] as Record<string, unknown>;
    expect(new Set(placeholders)).toEqual(new Set(Object.keys(substitutions)));
    expect(resources[target(substitutions['TableName']) ?? '']?.Type).toBe('AWS::DynamoDB::Table');
  });

  it('may do every call of its tasks, on every queue', () => {
    const grants = grantsTo(resources, stateMachine);
    const needed = new Set([...states.values()].flatMap((state) => actionOf(state) ?? []));
    expect(needed).toEqual(new Set(['sqs:SendMessage', 'dynamodb:UpdateItem']));
    for (const action of needed) expect(grants.map((grant) => grant.action)).toContain(action);
    const queues = grants.find(({ action }) => action === 'sqs:SendMessage')?.resources.map(target) ?? [];
    const names = queues.map((id) => String(resources[id ?? '']?.Properties['QueueName']));
    const expected = CHANNELS.flatMap((name) => [`${name}-urgent`, `${name}-standard`]);
    expect(names.sort()).toEqual(expected.map((name) => `${settings.stack_name}-${name}`).sort());
  });

  it('is traced, and logs everything but the data', () => {
    expect(stateMachine.Properties['TracingConfiguration']).toEqual({ Enabled: true });
    expect(stateMachine.Properties['LoggingConfiguration']).toMatchObject({
      Level: 'ALL',
      IncludeExecutionData: false,
    });
  });
});

/** `arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken` → `dynamodb:UpdateItem` */
function actionOf({ Resource: resource }: State): string | undefined {
  const [, service = '', action = ''] = /:::(?:aws-sdk:)?(\w+):(\w+)/.exec(resource ?? '') ?? [];
  return service === '' ? undefined : `${service}:${action[0]?.toUpperCase() ?? ''}${action.slice(1)}`;
}
