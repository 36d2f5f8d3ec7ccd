import { randomBytes } from 'node:crypto';
import { Desk } from './desk.ts';
import { DiscordCallbacks, discordKeys } from './discord-callbacks.ts';
import { DiscordSimulator } from './discord.ts';
import { PagerDutySimulator } from './pagerduty.ts';
import type { CallApi, ProviderName } from './simulator.ts';
import { SlackCallbacks } from './slack-callbacks.ts';
import { SlackSimulator } from './slack.ts';
import { hookPath, ZapierSimulator } from './zapier.ts';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** The four providers played locally, with keys of their own for each run. */
export type Providers = ReturnType<typeof createProviders>;

/**
 * @param baseUrl where the front serves them, `http://127.0.0.1:4010/providers` for one
 * @param callApi sends a callback to the deployed API
 * @param changed called whenever something was received or said
 */
export function createProviders(
  baseUrl: string,
  callApi: CallApi,
  changed: (provider: ProviderName) => void = () => undefined,
) {
  const keys = discordKeys();
  const secrets = {
    slack: { bot_token: `xoxb-local-${hex(12)}`, signing_secret: hex(16) },
    discord: { bot_token: `local.${hex(24)}`, public_key: keys.publicKeyHex },
    zapier: {
      jira_hook_url: `${baseUrl}/zapier${hookPath('jira')}`,
      finance_hook_url: `${baseUrl}/zapier${hookPath('finance')}`,
      callback_tokens: [hex(16)] as [string],
    },
    pagerduty: { routing_key: hex(16), webhook_secrets: [hex(16)] as [string] },
  };
  const channels = { slack: 'C0LOCAL01', discord: '1180000000000000010' };
  const slack = new SlackSimulator({
    channel: channels.slack,
    botToken: secrets.slack.bot_token,
    userGroups: { S0ONCALL1: ['U0ADA00001', 'U0GRACE001'] },
  });
  const discord = new DiscordSimulator({ channel: channels.discord, botToken: secrets.discord.bot_token });
  const zapier = new ZapierSimulator();
  const pagerduty = new PagerDutySimulator({
    routingKey: secrets.pagerduty.routing_key,
    webhookSecret: secrets.pagerduty.webhook_secrets[0],
    callApi,
  });
  const desk = (simulator: typeof slack | typeof discord | typeof zapier | typeof pagerduty) =>
    new Desk(simulator, () => {
      changed(simulator.name);
    });
  return {
    slack,
    discord,
    zapier,
    pagerduty,
    slackCallbacks: new SlackCallbacks(slack, {
      signingSecret: secrets.slack.signing_secret,
      responseBaseUrl: `${baseUrl}/slack`,
      callApi,
    }),
    discordCallbacks: new DiscordCallbacks(discord, keys.privateKey, callApi),
    desks: { slack: desk(slack), discord: desk(discord), zapier: desk(zapier), pagerduty: desk(pagerduty) },
    secrets,
    channels,
    baseUrls: {
      slack: `${baseUrl}/slack/api/`,
      discord: `${baseUrl}/discord/api/v10`,
      pagerduty: `${baseUrl}/pagerduty`,
    },
    callApi,
    changed,
  };
}
