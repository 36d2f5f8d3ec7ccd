import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { MeasuredFunction } from './functions.ts';
import { alternate, type Pair } from './statistics.ts';

const run = promisify(execFile);

/**
 * CPU time of the whole process, not the clock: that is what a fraction of a core, as Lambda gives it, is slow at, and
 * a clock would also measure whatever else the machine does. JavaScript, since Node loads a parser of its own before
 * it takes TypeScript.
 */
const IMPORT = `
  const [, file, ...first] = process.argv;
  first.forEach(require);
  const before = process.cpuUsage();
  require(file);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
`;

/** Milliseconds of CPU that a fresh Node needs to import a bundle, with what Lambda sets around it. */
async function importMs(
  file: string,
  environment: Readonly<Record<string, string>>,
  ...first: readonly string[]
): Promise<number> {
  const { stdout } = await run(process.execPath, ['--eval', IMPORT, file, ...first], {
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

/** What loading the tracer adds to a process that has its function loaded, beside importing the function's floor. */
export const tracerLoads = (measured: MeasuredFunction, repetitions: number): Promise<Pair[]> =>
  alternate(
    repetitions,
    () => importMs(measured.floor.file, {}),
    () => importMs(join(dirname(measured.ours.file), 'tracing.js'), measured.environment, measured.ours.file),
  );
