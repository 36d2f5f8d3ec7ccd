import type { StartSettings } from './environment.ts';
import { LocalRunError } from './errors.ts';
import type { Providers } from './simulators/providers.ts';
import type { ProviderName } from './simulators/simulator.ts';

/** Real providers in place of simulators; what is absent is simulated. */
export interface RealProviders {
  readonly slack?: {
    readonly bot_token: string;
    readonly signing_secret: string;
    readonly channel_id: string;
  };
  readonly discord?: { readonly bot_token: string; readonly public_key: string; readonly channel_id: string };
  readonly zapier?: { readonly jira_hook_url?: string; readonly finance_hook_url?: string };
  readonly pagerduty?: { readonly routing_key: string };
}

/**
 * The real providers whose credentials a person has set.
 *
 * @throws LocalRunError where only some of a provider's are set
 */
export function realProviders(settings: StartSettings): RealProviders {
  const slack = allOrNone({
    SLACK_BOT_TOKEN: settings.SLACK_BOT_TOKEN,
    SLACK_SIGNING_SECRET: settings.SLACK_SIGNING_SECRET,
    SLACK_CHANNEL_ID: settings.SLACK_CHANNEL_ID,
  });
  const discord = allOrNone({
    DISCORD_BOT_TOKEN: settings.DISCORD_BOT_TOKEN,
    DISCORD_PUBLIC_KEY: settings.DISCORD_PUBLIC_KEY,
    DISCORD_CHANNEL_ID: settings.DISCORD_CHANNEL_ID,
  });
  const {
    ZAPIER_JIRA_HOOK_URL: jira,
    ZAPIER_FINANCE_HOOK_URL: finance,
    PAGERDUTY_ROUTING_KEY: key,
  } = settings;
  return {
    ...(slack && {
      slack: {
        bot_token: slack.SLACK_BOT_TOKEN,
        signing_secret: slack.SLACK_SIGNING_SECRET,
        channel_id: slack.SLACK_CHANNEL_ID,
      },
    }),
    ...(discord && {
      discord: {
        bot_token: discord.DISCORD_BOT_TOKEN,
        public_key: discord.DISCORD_PUBLIC_KEY,
        channel_id: discord.DISCORD_CHANNEL_ID,
      },
    }),
    ...((jira ?? finance) !== undefined && {
      zapier: {
        ...(jira === undefined ? {} : { jira_hook_url: jira }),
        ...(finance === undefined ? {} : { finance_hook_url: finance }),
      },
    }),
    ...(key !== undefined && { pagerduty: { routing_key: key } }),
  };
}

/** The providers that are real in this run. */
export const namesOf = (real: RealProviders): ProviderName[] => Object.keys(real) as ProviderName[];

/** Each secret's content: the real provider's, or its simulator's. */
export function secretsFor(simulated: Providers['secrets'], real: RealProviders) {
  const { slack, discord } = real;
  return {
    slack: slack ? { bot_token: slack.bot_token, signing_secret: slack.signing_secret } : simulated.slack,
    discord: discord ? { bot_token: discord.bot_token, public_key: discord.public_key } : simulated.discord,
    zapier: { ...simulated.zapier, ...real.zapier },
    pagerduty: { ...simulated.pagerduty, ...real.pagerduty },
  };
}

/** The stack's settings of this run: the simulators' addresses and channels, or the real channels. */
export function settingsFor({ baseUrls, channels }: Providers, real: RealProviders) {
  const simulated = (Object.keys(baseUrls) as (keyof typeof baseUrls)[]).filter((name) => !(name in real));
  return {
    base_urls: Object.fromEntries(simulated.map((name) => [name, baseUrls[name]])),
    slack: { channel_id: real.slack?.channel_id ?? channels.slack },
    discord: { channel_id: real.discord?.channel_id ?? channels.discord },
  };
}

function allOrNone<T extends Record<string, string | undefined>>(
  variables: T,
): { [Name in keyof T]: string } | undefined {
  const missing = Object.entries(variables).filter(([, value]) => value === undefined);
  if (missing.length === Object.keys(variables).length) return undefined;
  if (missing.length === 0) return variables as { [Name in keyof T]: string };
  throw new LocalRunError(
    `Only some of a provider's credentials are set; missing: ${missing.map(([name]) => name).join(', ')}.`,
    'Set all of them to use the real provider, or none to use its simulator.',
  );
}
