import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { BUNDLING } from '../../lib/bundles.ts';
import { acceptingAnswers, startAwsStub } from './aws-stub.ts';
import { TOKEN } from './events.ts';
import type { MeasuredFunction } from './functions.ts';
import type { Pair } from './statistics.ts';

/** Milliseconds of CPU per accepted incident, of `ingest-incident` and of its floor, turn by turn. */
export async function warmPath(
  ingest: MeasuredFunction,
  folder: string,
  repetitions: number,
): Promise<Pair[]> {
  const floor = join(folder, 'bare-ingest.js');
  const source = fileURLToPath(new URL('bare-ingest.ts', import.meta.url));
  buildSync({ ...BUNDLING, entryPoints: [source], outfile: floor });
  const stub = await startAwsStub(acceptingAnswers({ bench: TOKEN }));
  const child = fork(
    new URL('warm-child.ts', import.meta.url),
    [floor, ingest.ours.file, String(repetitions)],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...ingest.environment,
        AWS_ENDPOINT_URL: stub.url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      },
    },
  );
  try {
    const told = once(child, 'message') as Promise<[Pair[]]>;
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The child that measures the warm path ended early, with ${String(code)}`);
    });
    const [pairs] = await Promise.race([told, ended]);
    return pairs;
  } finally {
    child.kill();
    await stub.close();
  }
}
