import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { DiscordInteractionsEnv } from '../lambdas/handlers/discord-interactions.env.ts';
import { IncidentApiEnv } from '../lambdas/handlers/incident-api.env.ts';
import { IngestAlertmanagerEnv } from '../lambdas/handlers/ingest-alertmanager.env.ts';
import { IngestIncidentEnv } from '../lambdas/handlers/ingest-incident.env.ts';
import { PagerDutyWebhooksEnv, ZapierCallbacksEnv } from '../lambdas/handlers/provider-callbacks.env.ts';
import { SlackCallbacksEnv } from '../lambdas/handlers/slack-callbacks.env.ts';
import type { EscalationWorkflow } from './escalation-workflow.ts';
import type { IncidentApi } from './incident-api.ts';
import type { ProviderSecrets } from './provider-secrets.ts';
import type { Settings } from './settings.ts';

export interface RoutesProps {
  readonly settings: Settings;
  readonly table: Table;
  readonly secrets: ProviderSecrets;
  readonly workflow: EscalationWorkflow;
  /** As {@link QueueUrlsSchema} has them, JSON. */
  readonly queueUrls: string;
}

/** Accept: a transaction of puts. Resolve: find what the event's `incident_id` names, then change it. */
const INGEST = ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'];
const READ_ONE = 'dynamodb:GetItem';
/** Incident, deliveries and saga are one item collection. */
const SHOW = ['dynamodb:Query'];
/** Who acknowledges or resolves is decided by one conditional update. */
const CHANGE = ['dynamodb:UpdateItem'];

/** Every route of the API, with its function and what that one may do. */
export function addRoutes(api: IncidentApi, props: RoutesProps): void {
  const { settings, table, secrets, workflow } = props;
  const TABLE_NAME = table.tableName;
  const ingest = {
    TABLE_NAME,
    STATE_MACHINE_ARN: workflow.stateMachine.stateMachineArn,
    SENDERS_SECRET_ID: secrets.senders.secretArn,
    SEVERITY_POLICY: JSON.stringify(settings.severities),
    QUEUE_URLS: props.queueUrls,
  };
  const bySender = {
    schema: IncidentApiEnv,
    environment: { TABLE_NAME, SENDERS_SECRET_ID: secrets.senders.secretArn },
  };
  const bySlack = {
    schema: SlackCallbacksEnv,
    environment: {
      TABLE_NAME,
      SLACK_SECRET_ID: secrets.slack.secretArn,
      SLACK_BASE_URL: settings.base_urls.slack,
      SLACK_ACKNOWLEDGERS: JSON.stringify(settings.slack.acknowledgers),
    },
  };

  const events = api.route('POST /events/incidents', {
    entry: 'ingest-incident',
    schema: IngestIncidentEnv,
    environment: ingest,
  });
  const alerts = api.route('POST /events/alertmanager', {
    entry: 'ingest-alertmanager',
    schema: IngestAlertmanagerEnv,
    environment: { ...ingest, ALERTMANAGER_SEVERITIES: JSON.stringify(settings.alertmanager_severities) },
  });
  for (const fn of [events, alerts]) {
    fn.allow(INGEST, table.tableArn);
    fn.allowSecret(secrets.senders);
    workflow.allow(fn, 'StartExecution');
  }
  // Whether an alert group's last incident is still open.
  alerts.allow([READ_ONE], table.tableArn);

  const show = api.route('GET /incidents/{correlation_id}', { entry: 'get-incident', ...bySender });
  show.allow(SHOW, table.tableArn);
  show.allowSecret(secrets.senders);

  const acknowledge = api.route('POST /incidents/{correlation_id}/ack', {
    entry: 'acknowledge-incident',
    ...bySender,
  });
  acknowledge.allow(CHANGE, table.tableArn);
  acknowledge.allowSecret(secrets.senders);

  for (const name of ['interactions', 'events'] as const) {
    const fn = api.route(`POST /slack/${name}`, { entry: `slack-${name}`, ...bySlack });
    fn.allow(CHANGE, table.tableArn);
    fn.allowSecret(secrets.slack);
  }

  const discord = api.route('POST /discord/interactions', {
    entry: 'discord-interactions',
    schema: DiscordInteractionsEnv,
    environment: {
      TABLE_NAME,
      DISCORD_SECRET_ID: secrets.discord.secretArn,
      DISCORD_ACKNOWLEDGERS: JSON.stringify(settings.discord.acknowledgers),
    },
  });
  discord.allow(CHANGE, table.tableArn);
  discord.allowSecret(secrets.discord);

  const zapier = api.route('POST /zapier/callbacks', {
    entry: 'zapier-callbacks',
    schema: ZapierCallbacksEnv,
    environment: { TABLE_NAME, ZAPIER_SECRET_ID: secrets.zapier.secretArn },
  });
  zapier.allow([...CHANGE, READ_ONE], table.tableArn);
  zapier.allowSecret(secrets.zapier);

  const pagerduty = api.route('POST /pagerduty/webhooks', {
    entry: 'pagerduty-webhooks',
    schema: PagerDutyWebhooksEnv,
    environment: { TABLE_NAME, PAGERDUTY_SECRET_ID: secrets.pagerduty.secretArn },
  });
  pagerduty.allow(CHANGE, table.tableArn);
  pagerduty.allowSecret(secrets.pagerduty);
}
