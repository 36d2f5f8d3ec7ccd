import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../../bin/local/lock.ts';
import { run } from '../../../bin/local/processes.ts';
import { toolEnvironment } from '../../../bin/local/environment.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-test-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

test('two at once go one after the other, and nothing is left', async () => {
  const steps: string[] = [];
  const work = (name: string) =>
    withLock(path, undefined, async () => {
      steps.push(`${name} starts`);
      await new Promise(setImmediate);
      steps.push(`${name} ends`);
    });
  await Promise.all([work('a'), work('b')]);
  const [first = ''] = steps[0]?.split(' ') ?? [];
  expect(steps.slice(0, 2)).toEqual([`${first} starts`, `${first} ends`]);
  expect(steps).toHaveLength(4);
  expect(await readdir(folder)).toEqual([]);
});

test('a lock whose holder died is taken over', async () => {
  const dead = await run('sh', ['-c', 'echo $$'], { env: toolEnvironment() });
  await writeFile(path, dead);
  expect(await withLock(path, undefined, () => Promise.resolve('done'))).toBe('done');
});

test('work that fails gives the lock back', async () => {
  await expect(withLock(path, undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await readdir(folder)).toEqual([]);
});
