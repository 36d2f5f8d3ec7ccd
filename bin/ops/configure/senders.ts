import { SendersSecretSchema } from '../../../lambdas/aws/secret-schemas.ts';
import { parse } from '../../../lambdas/domain/schema.ts';
import type { Report } from '../cli/command.ts';
import { OpsError } from '../cli/errors.ts';
import type { Input } from '../cli/input.ts';
import { table } from '../cli/text.ts';
import type { CommandContext } from '../command-context.ts';
import { newToken } from './gather.ts';
import { fingerprint, readSecret, writeSecret } from './store.ts';

/** Bearer tokens of each sender, oldest first. */
type Senders = Readonly<Record<string, readonly string[]>>;

/** Lists senders, adds a token to one (making it known when it is new), or removes one. Tokens are shown once: when made. */
export async function configureSenders(ops: CommandContext, input: Input): Promise<Report> {
  const id = (await ops.deployment()).ingest.SENDERS_SECRET_ID;
  const senders = await readSenders(ops);
  const [add, remove] = [input.text('add'), input.text('remove')];
  if (add !== undefined) return added(ops, id, senders, add);
  if (remove !== undefined) return removed(ops, id, senders, remove, input.text('token'));
  return {
    ok: Object.keys(senders).length > 0,
    data: {
      senders: Object.fromEntries(
        Object.entries(senders).map(([name, tokens]) => [name, tokens.map(fingerprint)]),
      ),
    },
    text: `${listed(senders)}\n`,
  };
}

/** Every sender with its tokens; none where the secret cannot be read. */
export async function readSenders(ops: CommandContext): Promise<Senders> {
  const { ingest } = await ops.deployment();
  const parsed = parse(SendersSecretSchema, await readSecret(ops, ingest.SENDERS_SECRET_ID));
  if (!parsed.ok) return {};
  const all = Object.entries(parsed.value);
  return Object.fromEntries(
    all.map(([name, tokens]) => [name, typeof tokens === 'string' ? [tokens] : tokens]),
  );
}

const listed = (senders: Senders): string =>
  table(
    ['SENDER', 'TOKENS (first digits of their SHA-256)'],
    Object.entries(senders).map(([name, tokens]) => [name, tokens.map(fingerprint).join(', ')]),
  );

async function added(ops: CommandContext, id: string, senders: Senders, name: string): Promise<Report> {
  if (!/^[\w.-]{1,64}$/.test(name)) {
    throw new OpsError(
      `"${name}" is no name of a sender.`,
      'Use 1 to 64 letters, digits, dots, hyphens and underscores',
    );
  }
  const token = newToken();
  const tokens = [...(senders[name] ?? []), token];
  await writeSecret(ops, id, { ...senders, [name]: tokens });
  const older = tokens.slice(0, -1).map(fingerprint);
  const rest =
    older.length === 0
      ? []
      : [
          `Older tokens stay valid: ${older.join(', ')}. Once nobody uses one any more:`,
          `  npm run ops -- configure senders --remove ${name} --token ${older[0] ?? ''}`,
        ];
  return {
    ok: true,
    data: { sender: name, token, fingerprint: fingerprint(token), older },
    text: [`New token of ${name} (${fingerprint(token)}), shown only now:`, `  ${token}`, ...rest, ''].join(
      '\n',
    ),
  };
}

async function removed(
  ops: CommandContext,
  id: string,
  senders: Senders,
  name: string,
  token: string | undefined,
): Promise<Report> {
  const tokens = senders[name];
  if (tokens === undefined) {
    throw new OpsError(
      `There is no sender "${name}"; there are: ${Object.keys(senders).join(', ')}.`,
      'npm run ops -- configure senders',
    );
  }
  const left = token === undefined ? [] : tokens.filter((each) => fingerprint(each) !== token);
  if (left.length === tokens.length) {
    throw new OpsError(
      `${name} has no token ${token ?? ''}; it has ${tokens.map(fingerprint).join(', ')}.`,
      'npm run ops -- configure senders',
    );
  }
  const after: Senders = Object.fromEntries(
    Object.entries({ ...senders, [name]: left }).filter(([, each]) => each.length > 0),
  );
  if (Object.keys(after).length === 0) {
    throw new OpsError(
      `${name} is the last sender: nobody could send events any more.`,
      'npm run ops -- configure senders --add <name>',
    );
  }
  await writeSecret(ops, id, after);
  const what =
    left.length === 0 ? `The sender ${name} is gone` : `The token ${token ?? ''} of ${name} is gone`;
  return {
    ok: true,
    data: { sender: name, removed: tokens.length - left.length, left: left.map(fingerprint) },
    text: `${what}; it is refused within 5 minutes.\n`,
  };
}
