import {
  DiscordSecretSchema,
  PagerDutySecretSchema,
  SlackSecretSchema,
  ZapierSecretSchema,
} from '../../../lambdas/aws/secret-schemas.ts';
import { parse, type FieldError } from '../../../lambdas/domain/schema.ts';
import type { Deployment } from '../target/deployment.ts';
import type { Check } from './check.ts';
import { checkDiscord } from './check-discord.ts';
import { checkPagerDuty } from './check-pagerduty.ts';
import { checkSlack } from './check-slack.ts';
import { checkZapier } from './check-zapier.ts';

export type SecretValue = Readonly<Record<string, unknown>>;

/** A secret that one provider issues. */
export interface ProviderSecret {
  readonly id: (deployment: Deployment) => string;
  /** Its members, each with where a person finds it. */
  readonly members: Readonly<Record<string, string>>;
  /** Members that hold several values. */
  readonly lists: readonly string[];
  /** Of those, the ones whose first value we may make up ourselves. */
  readonly generated: readonly string[];
  /** What is wrong with its shape. */
  readonly wrong: (value: SecretValue) => readonly FieldError[];
  /** Asks the provider; only of a value whose shape is right. */
  readonly check: (value: SecretValue, deployment: Deployment) => Promise<Check[]>;
}

const plain = { lists: [], generated: [] } as const;
const errorsOf = (parsed: ReturnType<typeof parse>): readonly FieldError[] =>
  parsed.ok ? [] : parsed.errors;

/** The secrets of the providers, by channel. */
export const PROVIDER_SECRETS = {
  slack: {
    ...plain,
    id: ({ slack }) => slack.SLACK_SECRET_ID,
    members: {
      bot_token: 'xoxb-…, Slack app: OAuth & Permissions',
      signing_secret: 'Slack app: Basic Information, App Credentials',
    },
    wrong: (value) => errorsOf(parse(SlackSecretSchema, value)),
    check: (value, { slack }) => checkSlack(SlackSecretSchema.parse(value), slack.SLACK_BASE_URL),
  },
  discord: {
    ...plain,
    id: ({ discord }) => discord.DISCORD_SECRET_ID,
    members: {
      bot_token: 'Discord application: Bot, Reset Token',
      public_key: 'Discord application: General Information',
    },
    wrong: (value) => errorsOf(parse(DiscordSecretSchema, value)),
    check: (value, { discord }) =>
      checkDiscord(DiscordSecretSchema.parse(value), {
        baseUrl: discord.DISCORD_BASE_URL,
        channelId: discord.DISCORD_CHANNEL_ID,
      }),
  },
  zapier: {
    lists: ['callback_tokens'],
    generated: ['callback_tokens'],
    id: ({ zapier }) => zapier.ZAPIER_SECRET_ID,
    members: {
      jira_hook_url: 'Zap that makes Jira tickets: Webhooks by Zapier, Catch Hook',
      finance_hook_url: 'Zap that books finance adjustments: Webhooks by Zapier, Catch Hook',
      callback_tokens: 'bearer tokens with which the Zaps call back; one is made up when left empty',
    },
    wrong: (value) => errorsOf(parse(ZapierSecretSchema, value)),
    check: (value) => Promise.resolve(checkZapier(ZapierSecretSchema.parse(value))),
  },
  pagerduty: {
    lists: ['webhook_secrets'],
    generated: [],
    id: ({ pagerduty }) => pagerduty.PAGERDUTY_SECRET_ID,
    members: {
      routing_key: 'PagerDuty service: Integrations, Events API v2',
      webhook_secrets: 'of the V3 webhook subscriptions, separated by commas; none for no webhooks',
    },
    wrong: (value) => errorsOf(parse(PagerDutySecretSchema, value)),
    check: (value, { pagerduty }) =>
      checkPagerDuty(PagerDutySecretSchema.parse(value), pagerduty.PAGERDUTY_BASE_URL),
  },
} as const satisfies Record<string, ProviderSecret>;

export type ProviderSecretName = keyof typeof PROVIDER_SECRETS;
export const PROVIDER_SECRET_NAMES = Object.keys(PROVIDER_SECRETS) as ProviderSecretName[];
