import { type Command, COMMON_OPTIONS, type OptionSpec } from './command.ts';
import { indent } from './text.ts';

const CALL = 'npm run ops --';

export const EXIT_CODES = 'Exit codes: 0 all is well, 1 something was found or failed, 2 wrong usage.';

/** The help of one command. */
export function commandHelp(name: string, { usage, help, options }: Command): string {
  return [
    `Usage: ${[CALL, name, usage].filter((part) => part !== '').join(' ')} [options]`,
    '',
    help.trim(),
    '',
    'Options:',
    indent(optionTable({ ...options, ...COMMON_OPTIONS })),
    '',
    EXIT_CODES,
    '',
  ].join('\n');
}

/** The help of all of it. */
export function overview(summaries: Readonly<Record<string, string>>): string {
  const rows = Object.entries(summaries).map(([name, summary]) => [name, summary]);
  return [
    `Usage: ${CALL} <command> [options]`,
    '',
    'Commands:',
    indent(rows.map(([name = '', summary = '']) => `${name.padEnd(11)}${summary}`).join('\n')),
    '',
    'Every command takes --json, --help, --target local|aws and --stack <name>.',
    'A local run is found by itself (PORT picks one of several); else AWS, by the usual credentials.',
    EXIT_CODES,
    '',
  ].join('\n');
}

function optionTable(options: Readonly<Record<string, OptionSpec>>): string {
  const rows = Object.entries(options).map(([name, { value, help }]) => [
    `--${name}${value === undefined ? '' : ` <${value}>`}`,
    help,
  ]);
  const width = Math.max(...rows.map(([option = '']) => option.length));
  return rows.map(([option = '', help = '']) => `${option.padEnd(width)}  ${help}`).join('\n');
}
