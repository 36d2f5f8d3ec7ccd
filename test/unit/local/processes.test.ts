import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toolEnvironment } from '../../../bin/local/environment.ts';
import { ProgramFailed, run } from '../../../bin/local/processes.ts';
import { waitFor } from '../../../bin/local/wait.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'processes-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const env = toolEnvironment();

test('a program that ends well gives what it said', async () => {
  const lines: string[] = [];
  const said = await run('sh', ['-c', 'echo one; echo two >&2; printf three'], {
    env,
    onLine: (line) => lines.push(line),
  });
  expect(said.split('\n').sort()).toEqual(['one', 'three', 'two']);
  expect(lines).toHaveLength(3);
});

test('a program that fails tells its exit code and its last words', async () => {
  const failed = run('sh', ['-c', 'echo why; exit 3'], { env });
  await expect(failed).rejects.toThrow(ProgramFailed);
  await expect(failed).rejects.toMatchObject({ message: 'sh failed (exit code 3)', output: 'why' });
});

test('a program that is not there is a failure too', async () => {
  await expect(run(join(folder, 'nothing'), [], { env })).rejects.toThrow(ProgramFailed);
});

test('aborting ends a program and all it started', async () => {
  const stop = new AbortController();
  const pidFile = join(folder, 'pid');
  const running = run('sh', ['-c', `sleep 300 & echo $! > ${pidFile}; wait`], { env, signal: stop.signal });
  const grandchild = await waitFor(
    () =>
      readFile(pidFile, 'utf8').then(
        (text) => Number(text) || undefined,
        () => undefined,
      ),
    { within: 5_000 },
  );
  stop.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
  expect(await waitFor(() => (lives(Number(grandchild)) ? undefined : true), { within: 5_000 })).toBe(true);
});

/** A killed process whose parent is gone may stay in the table as a zombie for a moment. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
