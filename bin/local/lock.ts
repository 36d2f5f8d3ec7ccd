import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode, LocalRunError } from './errors.ts';
import { waitFor } from './wait.ts';

// What is done under a lock takes under a minute; one older than this was left by a run that died.
const LOCK_STALE_MS = 170_000;

/**
 * Does work that no two runs on this machine may do at once, holding a file meanwhile.
 *
 * @throws LocalRunError when another run holds it for far too long; what `work` throws
 */
export async function withLock<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  await mkdir(dirname(path), { recursive: true });
  const taken = await waitFor(
    async () => {
      try {
        await writeFile(path, String(process.pid), { flag: 'wx' });
        return true;
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
        if (Date.now() - startedAt > LOCK_STALE_MS || !(await holderLives(path)))
          await rm(path, { force: true });
        return undefined;
      }
    },
    { within: 2 * LOCK_STALE_MS, every: 200, signal },
  );
  if (taken === undefined) {
    throw new LocalRunError(`Another run holds ${path}.`, 'Remove that file if no other run is starting.');
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function holderLives(path: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(path, 'utf8'));
    // Not written yet: it was taken this very moment.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
