import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MeasuredFunction } from './functions.ts';
import { alternate, type Pair } from './statistics.ts';

const run = promisify(execFile);

/**
 * CPU time, not the clock: importing is work of one thread from end to end, and a clock would also measure whatever
 * else the machine does. JavaScript, since Node loads a parser of its own before it takes TypeScript.
 */
const IMPORT = `
  const before = process.threadCpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.threadCpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
`;

/** Milliseconds of CPU that a fresh Node needs to import a bundle, with what Lambda sets around it. */
async function importMs(file: string, environment: Readonly<Record<string, string>>): Promise<number> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', IMPORT, file], {
    env: {
      ...environment,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: '/var/task',
    },
  });
  return Number(stdout);
}

/** What importing a function and its floor takes, in alternating fresh processes. */
export const coldStarts = (measured: MeasuredFunction, repetitions: number): Promise<Pair[]> =>
  alternate(
    repetitions,
    () => importMs(measured.floor.file, {}),
    () => importMs(measured.ours.file, measured.environment),
  );
