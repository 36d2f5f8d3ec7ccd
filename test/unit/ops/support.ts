import { PassThrough, Readable } from 'node:stream';
import { Terminal } from '../../../bin/ops/cli/terminal.ts';
import { main } from '../../../bin/ops/main.ts';

/** What a command line did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process; `env` is all the environment it has. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  input = '',
): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err] = [textOf(stdout), textOf(stderr)];
  const code = await main(args, env, { stdin: Readable.from([input]), stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, out: await out, err: await err };
}

export async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** A terminal into which nobody types, with what it showed. */
export function terminalWith(input: string): Terminal {
  const nowhere = new PassThrough().resume();
  return new Terminal({ stdin: Readable.from([input]), stdout: nowhere, stderr: nowhere });
}
