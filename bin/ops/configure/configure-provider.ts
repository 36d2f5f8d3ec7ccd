import type { Report } from '../cli/command.ts';
import type { Input } from '../cli/input.ts';
import type { CommandContext } from '../command-context.ts';
import type { Check } from './check.ts';
import { gather, newToken } from './gather.ts';
import {
  PROVIDER_SECRETS,
  type ProviderSecret,
  type ProviderSecretName,
  type SecretValue,
} from './provider-secrets.ts';
import { readSecret, writeSecret } from './store.ts';

/** Checks a provider's secret as it is: its shape, then with the provider. */
export async function checkPresent(ops: CommandContext, name: ProviderSecretName): Promise<Check[]> {
  const secret: ProviderSecret = PROVIDER_SECRETS[name];
  const deployment = await ops.deployment();
  return inspect(ops, secret, await readSecret(ops, secret.id(deployment)));
}

async function inspect(ops: CommandContext, secret: ProviderSecret, value: SecretValue): Promise<Check[]> {
  const wrong = secret
    .wrong(value)
    .map(({ field, message }) => ({ ok: false, found: `${field}: ${message}` }));
  return wrong.length > 0 ? wrong : secret.check(value, await ops.deployment());
}

/** Takes new members of a provider's secret, checks the whole, and writes it. */
export async function configureProvider(
  ops: CommandContext,
  name: ProviderSecretName,
  input: Input,
): Promise<Report> {
  const secret: ProviderSecret = PROVIDER_SECRETS[name];
  if (input.flag('check')) {
    const checks = await checkPresent(ops, name);
    return report(name, checks, { written: false, advice: `npm run ops -- configure ${name}` });
  }
  const id = secret.id(await ops.deployment());
  const stored = await readSecret(ops, id);
  const members = Object.keys(secret.members);
  const present = Object.fromEntries(Object.entries(stored).filter(([member]) => members.includes(member)));
  const given = await gather(name, secret, present, input, ops.terminal);
  const known = { ...withEmptyLists(secret, present), ...given };
  const made = madeUp(secret, known);
  const value = { ...known, ...made };
  const checks = await inspect(ops, secret, value);
  const ok = checks.every((check) => check.ok);
  const shapeIsRight = secret.wrong(value).length === 0;
  if (!ok && !(input.flag('force') && shapeIsRight)) {
    return report(name, checks, {
      written: false,
      advice: 'Set what is right; --force writes it all the same',
    });
  }
  await writeSecret(ops, id, value);
  return report(name, checks, { written: true, changed: Object.keys({ ...given, ...made }), made });
}

const withEmptyLists = ({ lists }: ProviderSecret, present: SecretValue): SecretValue => ({
  ...Object.fromEntries(lists.map((member) => [member, []])),
  ...present,
});

/** Lists that nobody filled and whose values are ours to choose. */
const madeUp = ({ generated }: ProviderSecret, value: SecretValue): MadeUp =>
  Object.fromEntries(
    generated.filter((member) => isEmptyList(value[member])).map((member) => [member, [newToken()]]),
  );
type MadeUp = Readonly<Record<string, readonly string[]>>;
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function report(
  name: string,
  checks: readonly Check[],
  done: {
    readonly written: boolean;
    readonly changed?: readonly string[];
    readonly made?: MadeUp;
    readonly advice?: string;
  },
): Report {
  const { made = {} } = done;
  const shown = Object.entries(made).map(
    ([member, value]) => `${member}, made up and shown only now: ${value.join(', ')}`,
  );
  const ok = checks.every((check) => check.ok) || done.written;
  const lines = checks.map(({ ok: each, found }) => `  ${each ? '✓' : '✗'} ${found}`);
  const end = done.written
    ? `Written (${(done.changed ?? []).join(', ')}). Functions use it within 5 minutes; at once where the old one is refused.`
    : ok
      ? 'Nothing was changed.'
      : `Nothing was written.\n  → ${done.advice ?? ''}`;
  return {
    ok,
    data: { secret: name, checks, written: done.written, changed: done.changed ?? [], made },
    text: [name, ...lines, end, ...shown, ''].join('\n'),
  };
}
