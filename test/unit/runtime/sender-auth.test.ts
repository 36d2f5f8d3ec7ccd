import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { SendersSecretSchema } from '../../../lambdas/aws/secret-schemas.ts';
import { CachedSecret } from '../../../lambdas/aws/secrets.ts';
import { authenticateSender } from '../../../lambdas/runtime/sender-auth.ts';

let stored: unknown;
let reads: number;
let now: number;
const client = {
  send: () => {
    reads += 1;
    return Promise.resolve({ SecretString: typeof stored === 'string' ? stored : JSON.stringify(stored) });
  },
} as unknown as SecretsManagerClient;
const secret = () => new CachedSecret(client, 'senders', SendersSecretSchema, () => now);
const withHeader = (authorization?: string) =>
  ({ headers: authorization === undefined ? {} : { authorization } }) as unknown as APIGatewayProxyEventV2;

beforeEach(() => {
  stored = { grafana: 'token-a', 'llm-agent': ['token-b', 'token-c'] };
  reads = 0;
  now = 0;
});

describe('a sender', () => {
  it('is known by any of its tokens', async () => {
    const senders = secret();
    expect(await authenticateSender(withHeader('Bearer token-a'), senders)).toBe('grafana');
    expect(await authenticateSender(withHeader('bearer token-c'), senders)).toBe('llm-agent');
    expect(reads).toBe(1);
  });

  it.each([undefined, '', 'Bearer', 'Basic dXNlcg==', 'Bearer token-a extra', 'Bearer token-'])(
    'is refused with %j',
    async (header) => {
      await expect(authenticateSender(withHeader(header), secret())).rejects.toMatchObject({ status: 401 });
    },
  );

  it('with a token newer than our copy of the secret is let in at once', async () => {
    const senders = secret();
    await authenticateSender(withHeader('Bearer token-a'), senders);
    stored = { grafana: ['token-a', 'token-new'] };
    now = 11_000;
    expect(await authenticateSender(withHeader('Bearer token-new'), senders)).toBe('grafana');
  });

  it('that guesses does not make us read the secret for each guess', async () => {
    const senders = secret();
    for (let guess = 0; guess < 50; guess += 1) {
      await authenticateSender(withHeader(`Bearer guess-${guess}`), senders).catch(() => undefined);
    }
    expect(reads).toBe(1);
  });

  it('whose token was removed is refused five minutes later at the latest', async () => {
    const senders = secret();
    await authenticateSender(withHeader('Bearer token-a'), senders);
    stored = { grafana: 'token-new' };
    now = 5 * 60_000;
    await expect(authenticateSender(withHeader('Bearer token-a'), senders)).rejects.toMatchObject({
      status: 401,
    });
  });
});

describe('a secret that cannot be used', () => {
  it('is told by its name and its wrong members, never by its value', async () => {
    stored = { grafana: 42, other: 'hunter2' };
    await expect(secret().get()).rejects.toThrow(
      /^Secret senders is not usable\. grafana: (?!.*hunter2).*configure$/,
    );
  });

  it('is read again the next time', async () => {
    const senders = secret();
    stored = 'not json';
    await expect(senders.get()).rejects.toThrow('not usable');
    stored = { grafana: 'token-a' };
    expect(await senders.get()).toEqual({ grafana: 'token-a' });
  });
});
