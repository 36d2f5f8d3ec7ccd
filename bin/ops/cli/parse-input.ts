import { parseArgs, type ParseArgsConfig } from 'node:util';
import { type Command, COMMON_OPTIONS, type OptionSpec } from './command.ts';
import { messageOf, UsageError } from './errors.ts';
import { Input } from './input.ts';

/** @throws UsageError for options that the command does not have, or too few or too many arguments */
export function parseInput(name: string, command: Command, args: readonly string[]): Input {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  const specs: Readonly<Record<string, OptionSpec>> = { ...COMMON_OPTIONS, ...command.options };
  for (const [option, { type, multiple }] of Object.entries(specs)) {
    options[option] = { type, multiple: multiple ?? false };
  }
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
  const { min, max } = command.positionals;
  const { length } = parsed.positionals;
  if (parsed.values['help'] !== true && (length < min || length > max)) {
    const takes = `${name} takes ${command.usage === '' ? 'no arguments' : command.usage}`;
    throw new UsageError(
      length < min ? `${takes}; it is missing` : `${takes}; there are ${length} arguments`,
    );
  }
  return new Input(parsed.values, parsed.positionals);
}
