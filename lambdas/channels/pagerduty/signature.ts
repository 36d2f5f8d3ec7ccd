import { createHmac, timingSafeEqual } from 'node:crypto';

export interface PagerDutySignatureCheck {
  /** Secrets of the webhook subscriptions; several while one is being rotated. */
  readonly secrets: readonly string[];
  /** `X-PagerDuty-Signature`: `v1=` and 64 hex digits, several parted by commas. */
  readonly signature: string | undefined;
  /** The body byte for byte, base64 already undone. */
  readonly rawBody: string | Uint8Array;
}

// More than any rotation needs; a header of a thousand signatures must not buy a thousand comparisons.
const MAX_SIGNATURES = 10;

/**
 * Whether PagerDuty sent this: any signature by any secret (developer.pagerduty.com/docs/verifying-signatures). No
 * timestamp is signed, so a replay passes; both events it can carry are harmless the second time.
 */
export function verifyPagerDutySignature({ secrets, signature, rawBody }: PagerDutySignatureCheck): boolean {
  const given = (signature ?? '')
    .split(',')
    .slice(0, MAX_SIGNATURES)
    .map((each) => Buffer.from(each.trim()));
  const expected = secrets
    .filter((secret) => secret !== '')
    .map((secret) => Buffer.from(`v1=${createHmac('sha256', secret).update(rawBody).digest('hex')}`));
  return given.some((one) =>
    expected.some((other) => one.length === other.length && timingSafeEqual(one, other)),
  );
}
