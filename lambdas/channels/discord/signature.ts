import { createPublicKey, verify } from 'node:crypto';

/** Discord names no window; Slack's is taken. Replaying an older click would change nothing, but need not get in. */
const WINDOW_SECONDS = 300;

// ASN.1 of an Ed25519 SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410).
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export interface DiscordSignatureCheck {
  /** The application's public key: 64 hex digits. */
  readonly publicKey: string;
  /** `X-Signature-Timestamp`: Unix seconds. */
  readonly timestamp: string | undefined;
  /** `X-Signature-Ed25519`: 128 hex digits. */
  readonly signature: string | undefined;
  /** The body byte for byte, base64 already undone. */
  readonly rawBody: string | Uint8Array;
  readonly now: Date;
}

/** Whether Discord sent this; anything else must be answered 401, which Discord tries from time to time. */
export function verifyDiscordSignature(check: DiscordSignatureCheck): boolean {
  const { publicKey, timestamp = '', signature = '', rawBody, now } = check;
  if (!/^[0-9a-f]{64}$/i.test(publicKey) || !/^[0-9a-f]{128}$/i.test(signature)) return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > WINDOW_SECONDS) return false;
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'hex')]);
  const signed = Buffer.concat([Buffer.from(timestamp), Buffer.from(rawBody)]);
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, signed, key, Buffer.from(signature, 'hex'));
  } catch {
    // 32 bytes that are no point on the curve.
    return false;
  }
}
