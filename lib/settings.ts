import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod/mini';
import { AuditPolicySchema } from '../lambdas/domain/audit.ts';
import { BreakerPolicySchema } from '../lambdas/domain/breaker.ts';
import { CHANNELS } from '../lambdas/domain/channel.ts';
import { RetryPolicySchema } from '../lambdas/domain/retry.ts';
import { parse } from '../lambdas/domain/schema.ts';
import { SEVERITIES, SeverityPolicySchema, type SeverityPolicy } from '../lambdas/domain/severity.ts';

/** What `cdk.json` ships: well-formed ids of no channel, so that a first synth works. */
export const PLACEHOLDER_CHANNEL_IDS = { slack: 'C0000000000', discord: '000000000000000000' } as const;

const RETENTION_DAYS: readonly RetentionDays[] = Object.values(RetentionDays).filter(
  (days) => typeof days === 'number',
);

const baseUrl = () => z.url({ protocol: /^https?$/, error: 'Must be an http(s) URL' });
const id = (shape: RegExp, what: string) => z.string().check(z.regex(shape, `Must be ${what}`));
const snowflake = (what: string) => id(/^\d{17,20}$/, `${what}: 17 to 20 digits`);

const perChannel = <S extends z.ZodMiniType>(schema: S) =>
  z.strictObject(
    Object.fromEntries(CHANNELS.map((name) => [name, schema])) as Record<(typeof CHANNELS)[number], S>,
  );

/** Everything an operator decides, as `cdk.json` has it; see docs/configuration.md. */
export const SettingsSchema = z.strictObject({
  // Names of functions are cut at 64 characters; the longest suffix is "-acknowledge-incident".
  stack_name: id(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'a letter, then at most 39 letters, digits and hyphens'),
  severities: SeverityPolicySchema.check(
    z.refine((policy) => pagingWindows(policy).length <= 1, {
      error: 'Severities that page must share one acknowledgement_window_seconds: there is one workflow',
    }),
  ),
  alertmanager_severities: z.strictObject({
    labels: z.record(z.string(), z.enum(SEVERITIES)),
    default: z.enum(SEVERITIES),
  }),
  base_urls: z.strictObject({
    slack: baseUrl().check(z.endsWith('/', 'Must end with "/", or its last part is lost')),
    discord: baseUrl(),
    pagerduty: baseUrl(),
  }),
  slack: z.strictObject({
    channel_id: id(/^[CG][A-Z0-9]{2,}$/, "the channel's id (C…), not its name"),
    acknowledgers: z.strictObject({
      users: z.array(id(/^[UW][A-Z0-9]+$/, 'the id of a user (U…)')),
      user_groups: z.array(id(/^S[A-Z0-9]+$/, 'the id of a user group (S…)')),
    }),
  }),
  discord: z.strictObject({
    channel_id: snowflake('the id of a channel'),
    acknowledgers: z.strictObject({ roles: z.array(snowflake('the id of a role')) }),
  }),
  retry: perChannel(RetryPolicySchema),
  zapier_breaker: BreakerPolicySchema,
  audit: AuditPolicySchema,
  /** A synthetic incident that concerns nobody; see docs/adr/0010-heartbeat-of-its-own-sender.md. */
  heartbeat: z.strictObject({
    enabled: z.boolean(),
    /**
     * At most 12 h: two beats that fail are the alarm, and CloudWatch looks back a day. Each beat costs seven
     * transitions and a dozen requests: at 5 minutes, about $2 a month.
     */
    rate_minutes: z.int().check(z.minimum(1), z.maximum(720)),
    /** Where the API is called; empty for its own address, else a domain of yours before it. */
    api_url: z.union([z.literal(''), baseUrl()], { error: 'Must be an http(s) URL, or empty' }),
  }),
  log_retention_days: z.custom<RetentionDays>((days) => RETENTION_DAYS.some((each) => each === days), {
    error: `CloudWatch Logs keeps logs for one of ${RETENTION_DAYS.join(', ')} days`,
  }),
  /** Who is mailed on an alarm; empty for nobody. */
  alarm_email: z.union([z.literal(''), z.email()], { error: 'Must be an email address, or empty' }),
  /** What becomes of the table and its data when the stack is deleted. */
  removal: z.enum(['retain', 'destroy']),
});
export type Settings = z.output<typeof SettingsSchema>;

/** Every wrong setting, in one message for a person at a terminal. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * The settings: those of `cdk.json`, with `-c overrides='<json>'` laid over them.
 *
 * @throws SettingsError naming every wrong field at once
 */
export function readSettings(context: unknown, overrides?: unknown): Settings {
  if (context === undefined) {
    throw new SettingsError(
      'No settings: run cdk where cdk.json is, with its context "incident-orchestrator"',
    );
  }
  const parsed = parse(SettingsSchema, merge(context, overridesOf(overrides)));
  if (parsed.ok) return parsed.value;
  const wrong = parsed.errors.map(({ field, message }) => `  ${field}: ${message}`);
  const where = 'cdk.json, context "incident-orchestrator", with -c overrides laid over it';
  throw new SettingsError([`Wrong settings (${where}):`, ...wrong].join('\n'));
}

/** The distinct windows, in seconds, after which some severity pages. */
export const pagingWindows = (policy: SeverityPolicy): number[] => [
  ...new Set(
    SEVERITIES.map((severity) => policy[severity])
      .filter((rule) => rule.page)
      .map((rule) => rule.acknowledgement_window_seconds),
  ),
];

// `-c` carries text only.
function overridesOf(overrides: unknown): unknown {
  if (typeof overrides !== 'string') return overrides;
  try {
    return JSON.parse(overrides) as unknown;
  } catch (cause) {
    throw new SettingsError(`-c overrides is not JSON: ${overrides}`, { cause });
  }
}

/** Objects are merged member by member; anything else is replaced, arrays too. */
function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isObject(base) || !isObject(over)) return over;
  const names = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...names].map((name) => [name, merge(base[name], over[name])]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
