import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { env, execPath } from 'node:process';
import { z } from 'zod';
import { LocalRunError } from './errors.ts';

/** The only file here that reads the environment. */

const text = z.string().min(1).optional();
const Schema = z.object({
  PORT: z.coerce.number('Must be a number').int().min(1).max(65_535).default(4010),
  // A day, as for the policy itself.
  ACK_TIMEOUT_SECONDS: z.coerce.number('Must be a number of seconds').int().min(1).max(86_400).optional(),
  // What an Authorization header can carry after `Bearer `.
  API_TOKEN: z
    .string()
    .regex(/^[\w.~+/-]+=*$/, 'Only letters, digits and ._~+/-')
    .default('local-dev-token'),
  SLACK_BOT_TOKEN: text,
  SLACK_SIGNING_SECRET: text,
  SLACK_CHANNEL_ID: text,
  DISCORD_BOT_TOKEN: text,
  DISCORD_PUBLIC_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'Must be 64 hexadecimal digits')
    .optional(),
  DISCORD_CHANNEL_ID: text,
  ZAPIER_JIRA_HOOK_URL: z.url().optional(),
  ZAPIER_FINANCE_HOOK_URL: z.url().optional(),
  PAGERDUTY_ROUTING_KEY: z.string().length(32, 'Must be 32 characters').optional(),
});
export type StartSettings = z.output<typeof Schema>;

/**
 * What a person set for `npm start`; an empty variable counts as not set.
 *
 * @throws LocalRunError naming every variable that is wrong
 */
export function readStartSettings(): StartSettings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new LocalRunError(
    `Environment variables are wrong:\n${wrong.join('\n')}`,
    'Set them right, or unset them.',
  );
}

/** The engine a person already runs, by the SDKs' own variable. */
export const ownEngine = (): string | undefined => {
  const set = env['AWS_ENDPOINT_URL'];
  return set === '' ? undefined : set;
};

/** This program's folder among the person's caches, by the XDG base directory rule. */
export function cacheFolder(): string {
  const set = env['XDG_CACHE_HOME'];
  // The rule says to ignore a relative path.
  return join(set?.startsWith('/') === true ? set : join(homedir(), '.cache'), 'incident-orchestrator');
}

/**
 * The person's environment less all that could lead to a real AWS account or change how tools behave, with this
 * very Node first on the path.
 */
export function toolEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !STRIPPED.test(name));
  const path = `${dirname(execPath)}:${env['PATH'] ?? '/usr/bin:/bin'}`;
  return { ...Object.fromEntries(kept), PATH: path, ...extra };
}
const STRIPPED =
  /^(AWS_|CDK_|NODE_OPTIONS$|NODE_ENV$|NODE_V8_COVERAGE$|VITEST|npm_|INIT_CWD$|PYTHON|VIRTUAL_ENV$|PIP_(TARGET|PREFIX|USER|REQUIRE_VIRTUALENV)$|(SLACK|DISCORD|ZAPIER|PAGERDUTY)_|API_TOKEN$|FORCE_COLOR$)/;

/** How an engine is reached. */
export interface EngineAddress {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
}

/**
 * The environment of the engine, which hands it on to the Lambdas: they get no more of the person's than they need
 * to reach a real provider, and Lambda's own time zone.
 */
export function engineProcessEnvironment(engine: EngineAddress): NodeJS.ProcessEnv {
  const all = Object.entries(engineEnvironment(engine));
  return { ...Object.fromEntries(all.filter(([name]) => FOR_LAMBDAS.test(name))), TZ: 'UTC' };
}
const FOR_LAMBDAS =
  /^(PATH|HOME|LANG|LC_\w+|AWS_\w+|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(https?|no)_proxy)$/i;

/** Credentials that open nothing anywhere but at a local engine, where the key id is the account's number. */
export const engineCredentials = (account: string) => ({ accessKeyId: account, secretAccessKey: 'local' });

/** How every tool reaches the local engine, and nothing but it. */
export function engineEnvironment(engine: EngineAddress): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey } = engineCredentials(engine.account);
  return toolEnvironment({
    AWS_ENDPOINT_URL: engine.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: engine.region,
    AWS_DEFAULT_REGION: engine.region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // The engine is on this machine: a proxy could not reach it.
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  });
}
