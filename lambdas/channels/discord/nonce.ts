import { createHash } from 'node:crypto';

/** Discord's limit; 25 base64url digits are 150 bits, so two purposes never share one. */
const NONCE_CHARS = 25;

/**
 * The nonce of a message: with `enforce_nonce` Discord answers a repeat within a few minutes with the message that
 * it made the first time.
 *
 * @param purpose what the message is for: `notify`, `fact:3`
 */
export const nonceOf = (correlationId: string, purpose: string): string =>
  createHash('sha256').update(`${correlationId}:${purpose}`).digest('base64url').slice(0, NONCE_CHARS);
