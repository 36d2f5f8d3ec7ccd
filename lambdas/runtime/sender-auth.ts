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

/** All senders' tokens are compared: how long it takes tells nothing. */
const senderOf = (token: string, senders: Senders): string | undefined =>
  Object.entries(senders)
    .filter(([, tokens]) => isOneOf(typeof tokens === 'string' ? [tokens] : tokens, token))
    .map(([name]) => name)[0];

/** Compares a token with every one of a list in constant time, whatever their lengths. */
export function isOneOf(tokens: readonly string[], token: string): boolean {
  const presented = digest(token);
  return tokens.filter((each) => timingSafeEqual(presented, digest(each))).length > 0;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
