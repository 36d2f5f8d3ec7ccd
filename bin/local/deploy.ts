import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Engine } from './engine.ts';
import { cacheFolder, engineEnvironment } from './environment.ts';
import { LocalRunError } from './errors.ts';
import { withLock } from './lock.ts';
import { ProgramFailed, run } from './processes.ts';
import type { Progress } from './progress.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const END_WITH_PARENT = new URL('end-with-parent.ts', import.meta.url).href;
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** What the deployed stack tells about itself. */
const OutputsSchema = z.object({
  ApiUrl: z.string(),
  ApiId: z.string(),
  TableName: z.string(),
  StateMachineArn: z.string(),
  SendersSecretArn: z.string(),
  SlackSecretArn: z.string(),
  DiscordSecretArn: z.string(),
  ZapierSecretArn: z.string(),
  PagerDutySecretArn: z.string(),
});
export type StackOutputs = z.output<typeof OutputsSchema>;

export interface DeployOptions {
  readonly engine: Engine;
  /** Merged over the settings in `cdk.json`. */
  readonly overrides: object;
  /** For what the tools write: the cloud assembly and the outputs. */
  readonly folder: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The real `cdk bootstrap` and `cdk deploy`, against the local engine.
 *
 * @returns the stack's outputs
 * @throws LocalRunError with the last lines of what cdk said
 */
export async function deployStack(options: DeployOptions): Promise<StackOutputs> {
  const { engine, overrides, folder, progress } = options;
  const outputsFile = join(folder, 'outputs.json');
  // Away from cdk.json, where it would synthesise the whole app for nothing.
  await progress.step('cdk bootstrap', (note) =>
    alone(options, () =>
      cdk(['bootstrap', `aws://${engine.account}/${engine.region}`], folder, options, note),
    ),
  );
  await progress.step('cdk deploy', (note) =>
    cdk(
      [
        ...['deploy', '--all', '--require-approval', 'never', '--progress', 'events'],
        ...['--outputs-file', outputsFile],
        ...['--output', join(folder, 'cdk.out'), '--context', `overrides=${JSON.stringify(overrides)}`],
      ],
      ROOT,
      options,
      note,
    ),
  );
  const stacks = z
    .record(z.string(), z.record(z.string(), z.string()))
    .parse(JSON.parse(await readFile(outputsFile, 'utf8')));
  const parsed = OutputsSchema.safeParse(Object.assign({}, ...Object.values(stacks)));
  if (parsed.success) return parsed.data;
  throw new LocalRunError(
    `The deployed stack lacks outputs: ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}.`,
    'Add them to the stack in lib/; bin/local/deploy.ts lists what it needs.',
    { cause: parsed.error },
  );
}

/** Takes the stack off an engine that goes on without us; best effort, it may be gone already. */
export async function destroyStack(deployment: DeployOptions): Promise<void> {
  // An aborted start must still be cleared away.
  const options = { ...deployment, signal: undefined };
  const args = ['destroy', '--all', '--force', '--app', join(options.folder, 'cdk.out')];
  await options.progress
    .step('cdk destroy', (note) => cdk(args, options.folder, options, note))
    .catch(() => undefined);
}

/** Bootstrapping makes a stack of one name: on an engine they share, two runs would make it at once. */
function alone<T>({ engine, signal }: DeployOptions, work: () => Promise<T>): Promise<T> {
  if (!engine.shared) return work();
  const name = Buffer.from(engine.endpoint).toString('hex');
  return withLock(join(cacheFolder(), `bootstrap-${name}.lock`), signal, work);
}

async function cdk(
  args: readonly string[],
  cwd: string,
  options: DeployOptions,
  note: (text: string) => void,
): Promise<void> {
  const { engine, signal } = options;
  const common = ['--no-notices', '--no-version-reporting', '--no-color', '--ci'];
  try {
    await run(process.execPath, ['--import', END_WITH_PARENT, CDK, ...args, ...common], {
      cwd,
      signal,
      onLine: note,
      env: {
        ...engineEnvironment(engine),
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        // Its look for a newer version goes out to the network, and fails slowly where there is none.
        CDK_DISABLE_VERSION_CHECK: '1',
      },
    });
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    throw new LocalRunError(
      `cdk ${args[0] ?? ''} failed. It said at last:\n${error.output.split('\n').slice(-25).join('\n')}`,
      'See the error above. `npm run synth` shows whether the app itself is at fault.',
      { cause: error },
    );
  }
}
