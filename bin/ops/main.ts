import type { Command, Report } from './cli/command.ts';
import { OpsError, UsageError } from './cli/errors.ts';
import { explain } from './cli/explain.ts';
import { commandHelp, overview } from './cli/help.ts';
import { choice, type Input } from './cli/input.ts';
import { parseInput } from './cli/parse-input.ts';
import { type Streams, Terminal } from './cli/terminal.ts';
import { COMMANDS, type CommandName } from './commands.ts';
import { CommandContext } from './command-context.ts';
import { resolveTarget, type TargetOptions } from './target/target.ts';

const NAMES = Object.keys(COMMANDS) as CommandName[];

/**
 * Runs one command line.
 *
 * @returns the exit code: 0 all is well, 1 something was found or failed, 2 wrong usage
 */
export async function main(
  args: readonly string[],
  env: TargetOptions['env'],
  streams: Streams,
): Promise<number> {
  const terminal = new Terminal(streams);
  const [first = '--help', ...rest] = args;
  const json = rest.includes('--json');
  try {
    if (first === '--help' || first === 'help') {
      terminal.print(overview(Object.fromEntries(NAMES.map((name) => [name, COMMANDS[name].summary]))));
      return args.length === 0 ? 2 : 0;
    }
    const name = choice('The command', first, NAMES);
    const command = await COMMANDS[name].load();
    const input = parseInput(name, command, rest);
    if (input.flag('help')) {
      terminal.print(commandHelp(name, command));
      return 0;
    }
    const { ok, data, text } = await run(command, input, env, terminal);
    terminal.print(json ? JSON.stringify(data, null, 2) : text);
    return ok ? 0 : 1;
  } catch (error) {
    return failed(error, json, terminal);
  }
}

async function run(
  command: Command,
  input: Input,
  env: TargetOptions['env'],
  terminal: Terminal,
): Promise<Report> {
  const kind = input.oneOf('target', ['local', 'aws']);
  const target = await resolveTarget({ env, kind, stack: input.text('stack') });
  terminal.note(`# ${target.label}`);
  const ops = new CommandContext(target, terminal);
  try {
    return await command.run(input, ops);
  } finally {
    ops.clients.destroy();
  }
}

function failed(error: unknown, json: boolean, terminal: Terminal): number {
  if (error instanceof UsageError) {
    if (json) terminal.print(JSON.stringify({ error: error.message, usage: true }));
    terminal.note(`${error.message}. See npm run ops -- --help`);
    return 2;
  }
  const { message, advice } = error instanceof OpsError ? error : explain(error);
  if (json) terminal.print(JSON.stringify({ error: message, advice }));
  terminal.note(`${message}\n  → ${advice}`);
  return 1;
}
