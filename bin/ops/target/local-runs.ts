import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunFile } from '../../local/run-file.ts';

/** Where bin/local writes what there is to know about its runs, as `<port>.json`. */
const RUNS = fileURLToPath(new URL('../../../.local/runs/', import.meta.url));

export interface LocalRun extends RunFile {
  readonly port: number;
}

/** The local runs that are up, by port; the file of one that was killed is passed over. */
export async function localRuns(folder = RUNS): Promise<LocalRun[]> {
  const names = await readdir(folder).catch(() => []);
  const runs = await Promise.all(names.map((name) => readRun(folder, name)));
  return runs.filter((run) => run !== undefined).sort((a, b) => a.port - b.port);
}

async function readRun(folder: string, name: string): Promise<LocalRun | undefined> {
  const port = /^(\d+)\.json$/.exec(name)?.[1];
  if (port === undefined) return undefined;
  try {
    const run = JSON.parse(await readFile(join(folder, name), 'utf8')) as RunFile;
    return isAlive(run.pid) ? { ...run, port: Number(port) } : undefined;
  } catch {
    // Removed or replaced while we looked.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process: alive, and not ours to signal.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
