import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

/** A line of a table in docs/reliability.md: what was tried, and what came of it. Nothing that varies from run to run. */
export interface Finding {
  readonly section: string;
  /** First cell of the line; unique in its section. */
  readonly what: string;
  readonly cells: Readonly<Record<string, string | number>>;
}

/** Notes a line for docs/reliability.md, which the run as a whole compares or writes (setup.ts). */
export function found(section: string, what: string, cells: Finding['cells']): void {
  const line: Finding = { section, what, cells };
  appendFileSync(join(inject('findings'), `${process.pid}.jsonl`), `${JSON.stringify(line)}\n`);
}

/** Tells what a run measured: for the reader of its output, not for the document. */
export function measured(text: string): void {
  process.stderr.write(`${text}\n`);
}
