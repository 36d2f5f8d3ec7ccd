import { BreakerPolicySchema } from '../domain/breaker.ts';
import { z } from '../domain/schema.ts';
import { RetryPolicySchema } from '../domain/retry.ts';
import { json, text } from '../runtime/env-types.ts';

const worker = {
  TABLE_NAME: text(),
  RETRY_POLICY: json(RetryPolicySchema),
  /** The queues that the worker reads, to put off what is to be tried again. */
  OWN_QUEUE_URLS: json(z.array(z.url())),
};

export const SlackWorkerEnv = z.object({
  ...worker,
  SLACK_SECRET_ID: text(),
  SLACK_BASE_URL: z.url(),
  SLACK_CHANNEL_ID: text(),
});
export const DiscordWorkerEnv = z.object({
  ...worker,
  DISCORD_SECRET_ID: text(),
  DISCORD_BASE_URL: z.url(),
  DISCORD_CHANNEL_ID: text(),
});
export const ZapierWorkerEnv = z.object({
  ...worker,
  ZAPIER_SECRET_ID: text(),
  BREAKER_POLICY: json(BreakerPolicySchema),
});
export const PagerDutyWorkerEnv = z.object({
  ...worker,
  PAGERDUTY_SECRET_ID: text(),
  PAGERDUTY_BASE_URL: z.url(),
});
