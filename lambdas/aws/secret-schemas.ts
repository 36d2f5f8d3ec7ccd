import { pure, z } from '../domain/schema.ts';

const required = /* @__PURE__ */ pure(() => z.string().check(z.minLength(1)));

/** Name of a sender → its bearer token, or several while one is being rotated. */
export const SendersSecretSchema = /* @__PURE__ */ pure(() =>
  z.record(z.string(), z.union([required, z.array(required).check(z.minLength(1))])),
);
export const SlackSecretSchema = /* @__PURE__ */ pure(() =>
  z.object({ bot_token: required, signing_secret: required }),
);
export const DiscordSecretSchema = /* @__PURE__ */ pure(() =>
  z.object({
    bot_token: required,
    /** Ed25519, 64 hex digits, from the application's General Information page. */
    public_key: z.string().check(z.regex(/^[0-9a-f]{64}$/i)),
  }),
);
export const ZapierSecretSchema = /* @__PURE__ */ pure(() =>
  z.object({
    jira_hook_url: z.url(),
    finance_hook_url: z.url(),
    /** Bearer tokens with which the Zaps call back, several while one is being rotated. */
    callback_tokens: z.array(required).check(z.minLength(1)),
  }),
);
export const PagerDutySecretSchema = /* @__PURE__ */ pure(() =>
  z.object({
    /** Events API v2 integration key. */
    routing_key: z.string().check(z.length(32)),
    /** Signing secrets of the v3 webhook subscriptions, several while one is being rotated. */
    webhook_secrets: z.array(required),
  }),
);
