import { pure, z } from './schema.ts';
import { CHANNELS } from './channel.ts';

/** Worst first. */
export const SEVERITIES = ['sev1', 'sev2', 'sev3'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Whether `a` is more urgent than `b`. */
export const isWorse = (a: Severity, b: Severity): boolean => SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b);

/** What is done about an incident of one severity. Set by the operators, never by what a caller sends. */
export const SeverityRuleSchema = /* @__PURE__ */ pure(() =>
  z
    .strictObject({
      /** Where people are told. PagerDuty is not listed here: `page` decides. */
      channels: z.array(z.enum(['slack', 'discord', 'zapier'])).check(z.minLength(1)),
      /** Whether messages carry an Acknowledge button. */
      acknowledge: z.boolean(),
      /** How long people have before PagerDuty is paged, in seconds. */
      acknowledgement_window_seconds: z.int().check(z.minimum(1), z.maximum(86_400)),
      /** Whether PagerDuty is paged when nobody acknowledges within the window. */
      page: z.boolean(),
    })
    .check(
      z.refine((rule) => !rule.page || rule.acknowledge, {
        error: 'A severity that pages must ask for an acknowledgement (acknowledge: true)',
      }),
      z.refine((rule) => new Set(rule.channels).size === rule.channels.length, {
        error: 'A channel is listed twice',
      }),
    ),
);
export type SeverityRule = z.output<typeof SeverityRuleSchema>;

export const SeverityPolicySchema = /* @__PURE__ */ pure(() =>
  z.strictObject({
    sev1: SeverityRuleSchema,
    sev2: SeverityRuleSchema,
    sev3: SeverityRuleSchema,
  }),
);
export type SeverityPolicy = z.output<typeof SeverityPolicySchema>;

/** Urgency picks the queue: a Sev1 has its own, so no backlog of Sev2 or Sev3 stands before it. */
export type Urgency = 'urgent' | 'standard';
export const urgencyOf = (severity: Severity): Urgency => (severity === 'sev1' ? 'urgent' : 'standard');

/** The queues of each channel, as environment variables carry them. */
export const QueueUrlsSchema = /* @__PURE__ */ pure(() =>
  z.record(z.enum(CHANNELS), z.strictObject({ urgent: z.url(), standard: z.url() })),
);
export type QueueUrls = z.output<typeof QueueUrlsSchema>;
