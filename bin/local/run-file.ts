import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StackOutputs } from './deploy.ts';
import { hasCode } from './errors.ts';

/** What there is to know about a run from outside, at `.local/runs/<port>.json` while it is up. */
export interface RunFile {
  readonly url: string;
  readonly pid: number;
  readonly endpoint: string;
  readonly region: string;
  /** The engine's account; also the access key id that leads to it. */
  readonly account: string;
  readonly outputs: StackOutputs;
  readonly api_token: string;
  readonly started_at: string;
}

const RUNS = fileURLToPath(new URL('../../.local/runs/', import.meta.url));

/** A folder for what the run of that port writes; those of runs that were killed are cleared away. */
export async function runFolder(port: number): Promise<string> {
  await removeDeadRuns();
  const folder = join(RUNS, String(port));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

const fileOf = (port: number): string => join(RUNS, `${port}.json`);

/** Written whole or not at all: others read it at any moment. Readable by its owner alone, it holds a token. */
export async function writeRunFile(port: number, run: RunFile): Promise<void> {
  const draft = `${fileOf(port)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, fileOf(port));
}

export const removeRunFile = (port: number): Promise<void> => rm(fileOf(port), { force: true });

async function removeDeadRuns(): Promise<void> {
  const files = (await readdir(RUNS).catch(() => [])).filter((name) => /^\d+\.json$/.test(name));
  for (const name of files) {
    const port = Number.parseInt(name, 10);
    if (await isDead(fileOf(port))) {
      await removeRunFile(port);
      await rm(join(RUNS, String(port)), { recursive: true, force: true });
    }
  }
}

async function isDead(file: string): Promise<boolean> {
  try {
    const { pid } = JSON.parse(await readFile(file, 'utf8')) as RunFile;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // Another run may be taking its file away at this moment; one of another user's is alive.
    return hasCode(error, 'ESRCH');
  }
}
