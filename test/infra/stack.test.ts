import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { SendersSecretSchema, SlackSecretSchema } from '../../lambdas/aws/secret-schemas.ts';
import { ALARM_KINDS, RUNBOOK } from '../../lib/alarms.ts';
import { ofType, target } from '../support/resources.ts';
import { build, synthesise } from './synth.ts';

const { app, resources, settings, stack } = synthesise();

describe('cdk-nag', () => {
  it('finds nothing that is not accepted with a reason', () => {
    const { app } = build();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  it('would find something', () => {
    const app = new App();
    new Bucket(new Stack(app, 'Careless'), 'Bucket');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrow();
  });
});

describe('alarms', () => {
  // One of them is there only with what it watches.
  const { resources } = synthesise({ heartbeat: { enabled: true } });
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties: p }]) => ({
    name: String(p['AlarmName']),
    description: String(p['AlarmDescription']),
    properties: p,
  }));

  it('each name the section of the runbook that is called like them', () => {
    for (const { name, description } of alarms) {
      const [, anchor = ''] = new RegExp(`${RUNBOOK}#([a-z0-9-]+)$`).exec(description) ?? [];
      expect(Object.keys(ALARM_KINDS), name).toContain(anchor);
      expect(name.startsWith(`${settings.stack_name}-${anchor}`), name).toBe(true);
    }
  });

  it('are there for every kind', () => {
    for (const kind of Object.keys(ALARM_KINDS)) {
      expect(
        alarms.some(({ description }) => description.endsWith(`#${kind}`)),
        kind,
      ).toBe(true);
    }
  });

  it('reach people, and say when it is over', () => {
    const [topic] = ofType(resources, 'AWS::SNS::Topic');
    for (const { properties } of alarms) {
      expect(properties['AlarmActions']).toEqual([{ Ref: topic?.[0] }]);
      expect(properties['OKActions']).toEqual([{ Ref: topic?.[0] }]);
    }
  });

  it('watch every dead-letter queue, and the age of every other', () => {
    const watched = alarms.map(({ properties }) => {
      const [dimension] = properties['Dimensions'] as { Value: unknown }[];
      return `${String(properties['MetricName'])} ${target(dimension?.Value) ?? ''}`;
    });
    for (const [id, { Properties: p }] of ofType(resources, 'AWS::SQS::Queue')) {
      const metric =
        'RedrivePolicy' in p ? 'ApproximateAgeOfOldestMessage' : 'ApproximateNumberOfMessagesVisible';
      expect(watched).toContain(`${metric} ${id}`);
    }
  });

  it('mail nobody, unless somebody is named', () => {
    expect(ofType(resources, 'AWS::SNS::Subscription')).toEqual([]);
    const mailed = synthesise({ alarm_email: 'on-call@example.com' }).resources;
    expect(ofType(mailed, 'AWS::SNS::Subscription').map(([, each]) => each.Properties)).toMatchObject([
      { Protocol: 'email', Endpoint: 'on-call@example.com' },
    ]);
  });
});

describe('secrets', () => {
  const secrets = new Map(
    ofType(resources, 'AWS::SecretsManager::Secret').map(([, { Properties: p }]) => [String(p['Name']), p]),
  );

  it('of the senders starts with a token that works', () => {
    const { GenerateSecretString: generate } = secrets.get(`${settings.stack_name}/senders`) as {
      GenerateSecretString: { SecretStringTemplate: string; GenerateStringKey: string };
    };
    const value: unknown = {
      ...JSON.parse(generate.SecretStringTemplate),
      [generate.GenerateStringKey]: 'x',
    };
    expect(SendersSecretSchema.parse(value)).toEqual(value);
  });

  it('of the providers start with a value that is refused', () => {
    for (const name of ['slack', 'discord', 'zapier', 'pagerduty']) {
      const value: unknown = JSON.parse(
        String(secrets.get(`${settings.stack_name}/${name}`)?.['SecretString']),
      );
      // The others require more.
      expect(SlackSecretSchema.safeParse(value).success, name).toBe(false);
    }
  });
});

describe('api', () => {
  it('has the routes that callers know', () => {
    const routes = ofType(resources, 'AWS::ApiGatewayV2::Route').map(
      ([, each]) => each.Properties['RouteKey'],
    );
    expect(routes.sort()).toEqual([
      'GET /incidents/{correlation_id}',
      'POST /discord/interactions',
      'POST /events/alertmanager',
      'POST /events/incidents',
      'POST /incidents/{correlation_id}/ack',
      'POST /pagerduty/webhooks',
      'POST /slack/events',
      'POST /slack/interactions',
      'POST /zapier/callbacks',
    ]);
  });

  it('logs no header and no body', () => {
    const [[, stage] = []] = ofType(resources, 'AWS::ApiGatewayV2::Stage');
    const { Format: format } = stage?.Properties['AccessLogSettings'] as { Format: string };
    expect(format).not.toMatch(/header|authorizer|body/i);
  });
});

describe('data', () => {
  const [table] = ofType(resources, 'AWS::DynamoDB::Table').map(([, each]) => each);

  it('outlives the stack, unless the settings say otherwise', () => {
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
    const [[, passing] = []] = ofType(synthesise({ removal: 'destroy' }).resources, 'AWS::DynamoDB::Table');
    expect(passing).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
  });

  it('can be restored to any second, expires, and streams both images', () => {
    expect(table?.Properties).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });
});

describe('a first synth', () => {
  it('works, and says which placeholders stand in the way of a real one', () => {
    expect(app.node.children).toContain(stack);
    const warnings = Annotations.fromStack(stack);
    warnings.hasWarning('*', Match.stringLikeRegexp('slack.channel_id .* placeholder'));
    warnings.hasWarning('*', Match.stringLikeRegexp('discord.channel_id .* placeholder'));
  });

  it('says nothing of channels that are set or not used', () => {
    const unused = { channels: ['slack'] };
    const { stack } = synthesise({
      slack: { channel_id: 'C0123456789' },
      severities: { sev1: unused, sev2: unused, sev3: unused },
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('placeholder'));
  });
});
