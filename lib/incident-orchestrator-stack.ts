import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AnnounceChangesEnv, OutboxRelayEnv } from '../lambdas/handlers/relay.env.ts';
import { CHANNELS } from '../lambdas/domain/channel.ts';
import { Alarms } from './alarms.ts';
import { Caretakers } from './caretakers.ts';
import { channels, type Channels } from './channels.ts';
import { IncidentDashboard } from './dashboard.ts';
import { EscalationWorkflow } from './escalation-workflow.ts';
import { Heartbeat } from './heartbeat.ts';
import { IncidentApi } from './incident-api.ts';
import { IncidentTable } from './incident-table.ts';
import { OperatorTopic } from './operator-topic.ts';
import { ProviderSecrets } from './provider-secrets.ts';
import { addRoutes } from './routes.ts';
import { pagingWindows, PLACEHOLDER_CHANNEL_IDS, type Settings } from './settings.ts';
import { PATTERNS, StreamRelay } from './stream-relay.ts';

export interface IncidentOrchestratorStackProps extends StackProps {
  readonly settings: Settings;
}

/** All of it; docs/architecture.md has the picture. */
export class IncidentOrchestratorStack extends Stack {
  constructor(scope: Construct, id: string, props: IncidentOrchestratorStackProps) {
    super(scope, id, {
      description: 'Takes incidents to Slack, Discord and Zapier, and pages when nobody acknowledges',
      ...props,
      terminationProtection: props.settings.removal === 'retain',
    });
    const { settings } = props;
    const defaults = { stackName: settings.stack_name, logRetention: settings.log_retention_days };

    const table = new IncidentTable(this, 'Table', settings);
    const secrets = new ProviderSecrets(this, 'Secrets', defaults);
    const out = channels(this, { ...defaults, settings, table, secrets });
    const queues = CHANNELS.flatMap((name) => Object.values(out[name].queues));
    const workflow = new EscalationWorkflow(this, 'Workflow', {
      ...defaults,
      table,
      queues,
      windowSeconds: pagingWindows(settings.severities)[0],
    });
    const shared = { ...defaults, settings, table, secrets, workflow, queueUrls: this.#queueUrls(out) };

    const outboxRelay = new StreamRelay(this, 'OutboxRelay', {
      ...defaults,
      entry: 'outbox-relay',
      schema: OutboxRelayEnv,
      environment: (deadLetterQueueUrl) => ({
        STATE_MACHINE_ARN: workflow.stateMachine.stateMachineArn,
        QUEUE_URLS: shared.queueUrls,
        DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      }),
      table,
      pattern: PATTERNS.accepted,
    });
    workflow.allow(outboxRelay.function, 'StartExecution');

    const announceChanges = new StreamRelay(this, 'AnnounceChanges', {
      ...defaults,
      entry: 'announce-changes',
      schema: AnnounceChangesEnv,
      environment: (deadLetterQueueUrl) => ({
        QUEUE_URLS: shared.queueUrls,
        DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      }),
      table,
      pattern: PATTERNS.changed,
    });
    workflow.allow(announceChanges.function, 'SendTaskSuccess');
    announceChanges.function.allow(['sqs:SendMessage'], ...queues.map((queue) => queue.queueArn));
    for (const name of CHANNELS) workflow.allow(out[name].worker, 'SendTaskSuccess', 'SendTaskFailure');

    const api = new IncidentApi(this, 'Api', defaults);
    addRoutes(api, shared);

    const topic = new OperatorTopic(this, 'OperatorTopic', { ...defaults, email: settings.alarm_email });
    const caretakers = new Caretakers(this, 'Caretakers', { ...shared, channels: out, topic });
    const heartbeat = new Heartbeat(this, 'Heartbeat', { ...shared, api });
    const alarms = new Alarms(this, 'Alarms', {
      ...defaults,
      topic,
      channels: Object.values(out),
      relays: [outboxRelay, announceChanges],
      stateMachine: workflow.stateMachine,
      api: api.api,
      apiFunctions: api.functions,
      scheduled: [caretakers.breakerKeeper, caretakers.auditor, heartbeat],
      heartbeat: settings.heartbeat,
    });
    new IncidentDashboard(this, 'Dashboard', {
      ...shared,
      alarms,
      policy: settings.severities,
      channels: Object.values(out),
      relays: [outboxRelay, announceChanges],
      stateMachine: workflow.stateMachine,
      api: api.api,
      functions: [
        ...api.functions,
        outboxRelay.function,
        announceChanges.function,
        caretakers.breakerKeeper,
        caretakers.auditor,
        heartbeat,
      ],
    });

    this.#outputs({
      ApiUrl: api.api.apiEndpoint,
      ApiId: api.api.apiId,
      TableName: table.tableName,
      StateMachineArn: workflow.stateMachine.stateMachineArn,
      SendersSecretArn: secrets.senders.secretArn,
      SlackSecretArn: secrets.slack.secretArn,
      DiscordSecretArn: secrets.discord.secretArn,
      ZapierSecretArn: secrets.zapier.secretArn,
      PagerDutySecretArn: secrets.pagerduty.secretArn,
      QueueUrls: shared.queueUrls,
    });
    this.#warnOfPlaceholders(settings);
  }

  #queueUrls(out: Channels): string {
    const urls = CHANNELS.map((name) => {
      const { urgent, standard } = out[name].queues;
      return [name, { urgent: urgent.queueUrl, standard: standard.queueUrl }] as const;
    });
    return this.toJsonString(Object.fromEntries(urls));
  }

  #outputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }

  /** A first synth works with what the repository ships; nobody deploys it for real without being told. */
  #warnOfPlaceholders(settings: Settings): void {
    for (const name of ['slack', 'discord'] as const) {
      const used = Object.values(settings.severities).some((rule) => rule.channels.includes(name));
      if (!used || settings[name].channel_id !== PLACEHOLDER_CHANNEL_IDS[name]) continue;
      const message = `${name}.channel_id in cdk.json is the placeholder: nothing will reach ${name}`;
      Validations.of(this).addWarning(`incident-orchestrator:${name}-placeholder`, message);
    }
  }
}
