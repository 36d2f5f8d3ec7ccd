import { PassThrough, Readable } from 'node:stream';
import { main } from '../../../bin/ops/main.ts';

export interface OpsOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Standard output, where it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Runs the operators' CLI in this process, against the local run on that port. */
export function opsCli(port: number) {
  return async (args: readonly string[], input = ''): Promise<OpsOutcome> => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const texts = [read(stdout), read(stderr)] as const;
    const code = await main(args, { PORT: String(port) }, { stdin: Readable.from([input]), stdout, stderr });
    stdout.end();
    stderr.end();
    const [out, err] = await Promise.all(texts);
    return { code, out, err, json: args.includes('--json') ? (JSON.parse(out) as OpsOutcome['json']) : {} };
  };
}

async function read(stream: PassThrough): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
