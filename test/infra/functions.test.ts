import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, type z } from '../../lambdas/domain/schema.ts';
import { AuditorEnv } from '../../lambdas/handlers/auditor.env.ts';
import { BreakerKeeperEnv } from '../../lambdas/handlers/breaker-keeper.env.ts';
import { DiscordInteractionsEnv } from '../../lambdas/handlers/discord-interactions.env.ts';
import { HeartbeatEnv } from '../../lambdas/handlers/heartbeat.env.ts';
import { IncidentApiEnv } from '../../lambdas/handlers/incident-api.env.ts';
import { IngestAlertmanagerEnv } from '../../lambdas/handlers/ingest-alertmanager.env.ts';
import { IngestIncidentEnv } from '../../lambdas/handlers/ingest-incident.env.ts';
import { PagerDutyWebhooksEnv, ZapierCallbacksEnv } from '../../lambdas/handlers/provider-callbacks.env.ts';
import { AnnounceChangesEnv, OutboxRelayEnv } from '../../lambdas/handlers/relay.env.ts';
import { SlackCallbacksEnv } from '../../lambdas/handlers/slack-callbacks.env.ts';
import {
  DiscordWorkerEnv,
  PagerDutyWorkerEnv,
  SlackWorkerEnv,
  ZapierWorkerEnv,
} from '../../lambdas/handlers/workers.env.ts';
import { grantsTo } from '../support/grants.ts';
import { ofType } from '../support/resources.ts';
import { deployed, synthesise } from './synth.ts';

/** Every handler, the schema it reads its environment with, and what it calls of AWS. */
const HANDLERS: Record<string, { env: z.ZodMiniObject; actions: string[] }> = {
  'ingest-incident': {
    env: IngestIncidentEnv,
    actions: ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'states:StartExecution'],
  },
  'ingest-alertmanager': {
    env: IngestAlertmanagerEnv,
    actions: [
      ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      'states:StartExecution',
    ],
  },
  'get-incident': { env: IncidentApiEnv, actions: ['dynamodb:Query'] },
  'acknowledge-incident': { env: IncidentApiEnv, actions: ['dynamodb:UpdateItem'] },
  'slack-interactions': { env: SlackCallbacksEnv, actions: ['dynamodb:UpdateItem'] },
  'slack-events': { env: SlackCallbacksEnv, actions: ['dynamodb:UpdateItem'] },
  'discord-interactions': { env: DiscordInteractionsEnv, actions: ['dynamodb:UpdateItem'] },
  'zapier-callbacks': { env: ZapierCallbacksEnv, actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
  'pagerduty-webhooks': { env: PagerDutyWebhooksEnv, actions: ['dynamodb:UpdateItem'] },
  'outbox-relay': { env: OutboxRelayEnv, actions: [...streamActions(), 'states:StartExecution'] },
  'announce-changes': {
    env: AnnounceChangesEnv,
    actions: [...streamActions(), 'states:SendTaskSuccess'],
  },
  'slack-worker': { env: SlackWorkerEnv, actions: workerActions() },
  'discord-worker': { env: DiscordWorkerEnv, actions: workerActions() },
  'zapier-worker': { env: ZapierWorkerEnv, actions: ['dynamodb:Query', ...workerActions()] },
  'pagerduty-worker': { env: PagerDutyWorkerEnv, actions: workerActions() },
  'breaker-keeper': {
    env: BreakerKeeperEnv,
    actions: [
      ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ...['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping', 'sns:Publish'],
      ...['sqs:GetQueueAttributes', 'states:SendTaskFailure'],
    ],
  },
  auditor: {
    env: AuditorEnv,
    actions: [
      ...['dynamodb:Query', 'dynamodb:UpdateItem', 'sns:Publish', 'sqs:SendMessage'],
      ...['states:DescribeExecution', 'states:StartExecution'],
    ],
  },
  heartbeat: { env: HeartbeatEnv, actions: ['dynamodb:GetItem', 'states:DescribeExecution'] },
};

const { resources, settings } = synthesise();
const functions = new Map(
  ofType(resources, 'AWS::Lambda::Function').map(([, each]) => [
    String(each.Properties['FunctionName']).slice(settings.stack_name.length + 1),
    each,
  ]),
);

describe('functions', () => {
  it('are the handlers there are, each once', () => {
    const files = readdirSync(new URL('../../lambdas/handlers', import.meta.url))
      .filter((file) => !file.endsWith('.env.ts'))
      .map((file) => file.replace(/\.ts$/, ''));
    expect([...functions.keys()].sort()).toEqual(files.sort());
    expect(Object.keys(HANDLERS).sort()).toEqual(files.sort());
  });

  it('share one runtime and one architecture', () => {
    for (const [name, { Properties: p }] of functions) {
      expect([p['Runtime'], p['Architectures']], name).toEqual(['nodejs24.x', ['arm64']]);
    }
  });

  it('are traced, and log to a group of their own that forgets', () => {
    const groups = [...functions.values()].map(({ Properties: p }) => {
      expect(p['TracingConfig']).toEqual({ Mode: 'Active' });
      const { LogGroup: group } = p['LoggingConfig'] as { LogGroup: { Ref: string } };
      expect(resources[group.Ref]?.Properties['RetentionInDays']).toBe(settings.log_retention_days);
      return group.Ref;
    });
    expect(new Set(groups).size).toBe(functions.size);
  });

  it.each(Object.keys(HANDLERS))('%s has the environment that it reads, and no other', (name) => {
    const environment = functions.get(name)?.Properties['Environment'] as { Variables: object };
    const variables = Object.fromEntries(
      Object.entries(environment.Variables).map(([key, value]) => [key, deployed(value)]),
    );
    const { env } = HANDLERS[name] ?? { env: IncidentApiEnv };
    expect(Object.keys(variables).sort()).toEqual(Object.keys(env.shape).sort());
    expect(parse(env, variables)).toMatchObject({ ok: true });
  });

  it.each(Object.entries(HANDLERS))('%s may do what it does, and no more', (name, { actions }) => {
    const fn = functions.get(name);
    const allowed = fn === undefined ? [] : grantsTo(resources, fn).map(({ action }) => action);
    const common = new Set([
      ...['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      'secretsmanager:GetSecretValue',
    ]);
    expect([...new Set(allowed)].filter((action) => !common.has(action)).sort()).toEqual([...actions].sort());
  });

  it('read one secret, and only those that have to do with it', () => {
    for (const [name, fn] of functions) {
      const secrets = grantsTo(resources, fn).filter(
        ({ action }) => action === 'secretsmanager:GetSecretValue',
      );
      const variables = (fn.Properties['Environment'] as { Variables: Record<string, unknown> }).Variables;
      const named = Object.entries(variables).filter(([key]) => key.endsWith('_SECRET_ID'));
      expect(
        secrets.flatMap((each) => each.resources),
        name,
      ).toEqual(named.map(([, value]) => value));
    }
  });
});

describe('IAM', () => {
  const roles = ofType(resources, 'AWS::IAM::Role');
  const policies = JSON.stringify(ofType(resources, 'AWS::IAM::Policy'));

  it('has no wildcard in an action', () => {
    const actions = [...policies.matchAll(/"([a-z0-9-]+:[A-Za-z*]+)"/g)].map(([, action]) => action);
    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter((action) => action?.includes('*'))).toEqual([]);
  });

  it('names every resource, but for actions that have none', () => {
    const unnamed = [
      ...functions.values(),
      ...ofType(resources, 'AWS::StepFunctions::StateMachine').map(([, m]) => m),
    ]
      .flatMap((each) => grantsTo(resources, each))
      .filter((grant) => grant.resources.includes('*'))
      .map(({ action }) => action);
    const without =
      /^(xray:|dynamodb:ListStreams$|logs:(\w+LogDelivery|ListLogDeliveries|\w+ResourcePolic(y|ies)|DescribeLogGroups)$)/;
    expect(unnamed.filter((action) => !without.test(action))).toEqual([]);
  });

  it('uses no managed policy', () => {
    for (const [id, { Properties: p }] of roles) expect(p['ManagedPolicyArns'], id).toBeUndefined();
  });
});

function streamActions(): string[] {
  return [
    ...[
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ],
    // Dead letters: Lambda's own, and the handler's.
    'sqs:SendMessage',
  ];
}

function workerActions(): string[] {
  return [
    ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    ...['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    ...['states:SendTaskFailure', 'states:SendTaskSuccess'],
  ];
}
