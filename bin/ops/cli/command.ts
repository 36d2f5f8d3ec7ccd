import type { CommandContext } from '../command-context.ts';
import type { Input } from './input.ts';

/** One option of a command, as `--help` shows it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What its value is called in the help. */
  readonly value?: string;
  readonly help: string;
}

/** What a command found or did. */
export interface Report {
  /** Whether all is well; false ends with exit code 1. */
  readonly ok: boolean;
  /** What `--json` prints. */
  readonly data: unknown;
  /** What a person reads. */
  readonly text: string;
}

/** One command of the operators' CLI; its file is `commands/<name>.ts`. */
export interface Command {
  /** What follows the name: `<correlation id>`; empty for nothing. */
  readonly usage: string;
  /** How many arguments that are no options it takes. */
  readonly positionals: { readonly min: number; readonly max: number };
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** What it does and what to know, below the usage line. */
  readonly help: string;
  readonly run: (input: Input, ops: CommandContext) => Promise<Report>;
}

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', help: 'Print JSON on standard output, and nothing else there' },
  help: { type: 'boolean', help: 'Show this' },
  target: {
    type: 'string',
    value: 'local|aws',
    help: 'Talk to the local run, or to AWS (default: a local run when there is one)',
  },
  stack: {
    type: 'string',
    value: 'name',
    help: 'Name of the stack (default: that of the local run, or of cdk.json)',
  },
} as const satisfies Record<string, OptionSpec>;
