import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { ChannelName } from '../lambdas/domain/channel.ts';
import {
  DiscordWorkerEnv,
  PagerDutyWorkerEnv,
  SlackWorkerEnv,
  ZapierWorkerEnv,
} from '../lambdas/handlers/workers.env.ts';
import type { FunctionDefaults } from './bundled-function.ts';
import { NotificationChannel } from './notification-channel.ts';
import type { ProviderSecrets } from './provider-secrets.ts';
import type { Settings } from './settings.ts';

export type Channels = Readonly<Record<ChannelName, NotificationChannel>>;

export interface ChannelsProps extends FunctionDefaults {
  readonly settings: Settings;
  readonly table: Table;
  readonly secrets: ProviderSecrets;
}

/**
 * A crashed worker, AWS out of order for a quarter of an hour, two messages about one delivery. Not more: a message
 * that was given up passes through all its receives, a second apart, before SQS moves it.
 */
const SPARE_RECEIVES = 10;
/** Around a pause, a message is received and put back without a call more often. */
const SPARE_RECEIVES_OF_A_PAUSED_CHANNEL = 40;

/** Every way out to people: a fifth one is one more entry here. */
export function channels(scope: Construct, props: ChannelsProps): Channels {
  const { settings, secrets } = props;
  const of = (channel: ChannelName) => ({
    ...props,
    channel,
    retry: settings.retry[channel],
    secret: secrets[channel],
    spareReceives: SPARE_RECEIVES,
  });
  const all = {
    slack: new NotificationChannel(scope, 'Slack', {
      ...of('slack'),
      schema: SlackWorkerEnv,
      environment: (common) => ({
        ...common,
        SLACK_SECRET_ID: secrets.slack.secretArn,
        SLACK_BASE_URL: settings.base_urls.slack,
        SLACK_CHANNEL_ID: settings.slack.channel_id,
      }),
    }),
    discord: new NotificationChannel(scope, 'Discord', {
      ...of('discord'),
      schema: DiscordWorkerEnv,
      environment: (common) => ({
        ...common,
        DISCORD_SECRET_ID: secrets.discord.secretArn,
        DISCORD_BASE_URL: settings.base_urls.discord,
        DISCORD_CHANNEL_ID: settings.discord.channel_id,
      }),
    }),
    zapier: new NotificationChannel(scope, 'Zapier', {
      ...of('zapier'),
      spareReceives: SPARE_RECEIVES_OF_A_PAUSED_CHANNEL,
      schema: ZapierWorkerEnv,
      environment: (common) => ({
        ...common,
        ZAPIER_SECRET_ID: secrets.zapier.secretArn,
        BREAKER_POLICY: JSON.stringify(settings.zapier_breaker),
      }),
    }),
    pagerduty: new NotificationChannel(scope, 'PagerDuty', {
      ...of('pagerduty'),
      schema: PagerDutyWorkerEnv,
      environment: (common) => ({
        ...common,
        PAGERDUTY_SECRET_ID: secrets.pagerduty.secretArn,
        PAGERDUTY_BASE_URL: settings.base_urls.pagerduty,
      }),
    }),
  };
  // The calls that its breaker counts.
  all.zapier.worker.allow(['dynamodb:Query'], props.table.tableArn);
  return all;
}
