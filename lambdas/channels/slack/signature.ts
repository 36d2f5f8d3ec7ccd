import { createHmac, timingSafeEqual } from 'node:crypto';

/** Older or newer than this, a request may be a replay (docs.slack.dev/authentication/verifying-requests-from-slack). */
export const SLACK_SIGNATURE_WINDOW_SECONDS = 300;

export interface SlackSignatureCheck {
  readonly signingSecret: string;
  /** `X-Slack-Request-Timestamp`: Unix seconds. */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature`: `v0=` and 64 hex digits. */
  readonly signature: string | undefined;
  /** The body byte for byte, base64 already undone. */
  readonly rawBody: string | Uint8Array;
  readonly now: Date;
}

/** Whether Slack sent this, within the last five minutes. */
export function verifySlackSignature(check: SlackSignatureCheck): boolean {
  const { timestamp = '', signature = '', now } = check;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > SLACK_SIGNATURE_WINDOW_SECONDS) return false;
  const digest = createHmac('sha256', check.signingSecret)
    .update(`v0:${timestamp}:`)
    .update(check.rawBody)
    .digest('hex');
  const expected = Buffer.from(`v0=${digest}`);
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
