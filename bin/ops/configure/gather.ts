import { randomBytes } from 'node:crypto';
import { OpsError, UsageError } from '../cli/errors.ts';
import type { Input } from '../cli/input.ts';
import type { Terminal } from '../cli/terminal.ts';
import { parseJson } from '../queues/peek.ts';
import type { ProviderSecret, SecretValue } from './provider-secrets.ts';

/** 256 bits, in letters that a header and a URL take as they are. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/**
 * The new members of a secret: from `--set`, from standard input with `--stdin`, else asked for one by one.
 *
 * @throws UsageError for members that the secret does not have
 */
export async function gather(
  name: string,
  secret: ProviderSecret,
  present: SecretValue,
  input: Input,
  terminal: Terminal,
): Promise<SecretValue> {
  if (input.flag('stdin')) return checkedNames(secret, await piped(terminal));
  const set = input.list('set');
  if (set.length > 0) return fromSet(secret, present, set);
  if (terminal.interactive) return asked(name, secret, present, terminal);
  throw new UsageError(`Nobody is here to ask for the members of ${name}: use --stdin, --set or --check`);
}

async function piped(terminal: Terminal): Promise<SecretValue> {
  const value = parseJson(await terminal.piped());
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as SecretValue;
  throw new OpsError(
    'What came on standard input is no JSON object.',
    `echo '{"bot_token": "…"}' | npm run ops -- configure … --stdin`,
  );
}

/** `name=value`; `name+=value` adds to a list. */
function fromSet(secret: ProviderSecret, present: SecretValue, set: readonly string[]): SecretValue {
  const value: Record<string, unknown> = {};
  for (const each of set) {
    const [, name = '', plus = '', text = ''] = /^(\w+)(\+?)=(.*)$/s.exec(each) ?? [];
    if (name === '') throw new UsageError('--set takes <member>=<value>');
    if (!secret.lists.includes(name)) {
      if (plus !== '') throw new UsageError(`${name} holds one value: set it with =, not +=`);
      value[name] = text;
      continue;
    }
    const before = value[name] ?? present[name];
    value[name] = [...(plus !== '' && Array.isArray(before) ? (before as unknown[]) : []), ...listOf(text)];
  }
  return checkedNames(secret, value);
}

function checkedNames(secret: ProviderSecret, value: SecretValue): SecretValue {
  const names = Object.keys(secret.members);
  const unknown = Object.keys(value).filter((name) => !names.includes(name));
  if (unknown.length === 0) return value;
  throw new UsageError(`There is no ${unknown.join(', ')} in it; its members are ${names.join(', ')}`);
}

async function asked(
  name: string,
  secret: ProviderSecret,
  present: SecretValue,
  terminal: Terminal,
): Promise<SecretValue> {
  terminal.note(`${name}: what is typed is not shown; Enter alone keeps what is there.`);
  const value: Record<string, unknown> = {};
  for (const [member, where] of Object.entries(secret.members)) {
    const answer = await terminal.askSecret(
      `  ${member} (${where})${member in present ? ', keep: Enter' : ''}: `,
    );
    if (answer !== '') value[member] = secret.lists.includes(member) ? listOf(answer) : answer;
  }
  return value;
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
