import { createHash } from 'node:crypto';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { CommandContext } from '../command-context.ts';
import { parseJson } from '../queues/peek.ts';
import type { SecretValue } from './provider-secrets.ts';

/** A secret as it is; empty where it holds nothing that can be read. */
export async function readSecret(ops: CommandContext, id: string): Promise<SecretValue> {
  const { SecretString: text = '' } = await ops.clients.secrets.send(
    new GetSecretValueCommand({ SecretId: id }),
  );
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SecretValue) : {};
}

export async function writeSecret(ops: CommandContext, id: string, value: SecretValue): Promise<void> {
  await ops.clients.secrets.send(
    new PutSecretValueCommand({ SecretId: id, SecretString: JSON.stringify(value) }),
  );
}

/** Names a secret without giving it away: the first 8 digits of its SHA-256. */
export const fingerprint = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex').slice(0, 8);
