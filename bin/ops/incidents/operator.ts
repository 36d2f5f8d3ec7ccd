import { userInfo } from 'node:os';
import type { Actor } from '../../../lambdas/domain/incident.ts';
import type { OptionSpec } from '../cli/command.ts';
import { UsageError } from '../cli/errors.ts';
import type { Input } from '../cli/input.ts';

/** The option of commands that do something in a person's name. */
export const AS_OPTION = {
  as: { type: 'string', value: 'name', help: 'In whose name (default: your user name on this machine)' },
} as const satisfies Record<string, OptionSpec>;

/** Who is at the terminal, as incidents and pauses name them. */
export function operatorOf(input: Input): Actor {
  const name = input.text('as') ?? userName();
  if (name.length === 0 || name.length > 100) throw new UsageError('--as takes 1 to 100 characters');
  return { provider: 'api', id: `ops/${name}`, name };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user without an entry in its password file.
    return 'operator';
  }
}
