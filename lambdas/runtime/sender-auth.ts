import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CachedSecret } from '../aws/secrets.ts';
import type { SendersSecretSchema } from '../aws/secret-schemas.ts';
import type { z } from '../domain/schema.ts';
import { HttpProblem } from './problem.ts';
import { header } from './request.ts';

type Senders = z.output<typeof SendersSecretSchema>;

/**
 * Names the sender of a request by its bearer token.
 *
 * @throws HttpProblem 401 without a token, or with one that no sender has
 */
export async function authenticateSender(
  event: APIGatewayProxyEventV2,
  secret: CachedSecret<typeof SendersSecretSchema>,
): Promise<string> {
  const token = bearerToken(event);
  // A token that is not known may be newer than our copy of the secret.
  const sender = senderOf(token, await secret.get()) ?? senderOf(token, await secret.refresh());
  if (sender === undefined) throw new HttpProblem(401, 'The bearer token is not one of a known sender.');
  return sender;
}

/** @throws HttpProblem 401 when the request carries no bearer token */
export function bearerToken(event: APIGatewayProxyEventV2): string {
  const match = /^bearer +(\S+) *$/i.exec(header(event, 'authorization') ?? '');
  if (match?.[1] === undefined) {
    throw new HttpProblem(401, 'Send the header "Authorization: Bearer <token>".');
  }
  return match[1];
}

/** Every token is compared, in constant time: how long it takes tells nothing. */
function senderOf(token: string, senders: Senders): string | undefined {
  const presented = digest(token);
  let found: string | undefined;
  for (const [name, tokens] of Object.entries(senders)) {
    for (const each of typeof tokens === 'string' ? [tokens] : tokens) {
      if (timingSafeEqual(presented, digest(each))) found ??= name;
    }
  }
  return found;
}

/** Compares two tokens in constant time, whatever their lengths. */
export const sameToken = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
