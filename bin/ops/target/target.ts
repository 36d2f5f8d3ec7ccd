import { readFileSync } from 'node:fs';
import { OpsError, UsageError } from '../cli/errors.ts';
import { type LocalRun, localRuns } from './local-runs.ts';

/** The stack that a command talks to. */
export interface Target {
  readonly kind: 'local' | 'aws';
  readonly stackName: string;
  /** How it is named to the operator. */
  readonly label: string;
  /** The command that deploys it. */
  readonly deployCommand: string;
  /** Only of a local run. */
  readonly run?: LocalRun;
}

export interface TargetOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--target`. */
  readonly kind: 'local' | 'aws' | undefined;
  /** `--stack`. */
  readonly stack: string | undefined;
  readonly runs?: () => Promise<readonly LocalRun[]>;
}

/** The port of `npm start` when nobody says otherwise. */
const DEFAULT_PORT = 4010;

/**
 * A local run if there is one (that of `PORT`, else of the default port, else the only one), else AWS.
 *
 * @throws OpsError where a local run is asked for and there is none, or it is not clear which
 */
export async function resolveTarget({ env, kind, stack, runs = localRuns }: TargetOptions): Promise<Target> {
  if (kind === 'aws') return awsTarget(env, stack);
  const run = pick(await runs(), env['PORT'], kind);
  return run === undefined ? awsTarget(env, stack) : localTarget(run, stack);
}

function pick(
  runs: readonly LocalRun[],
  port: string | undefined,
  kind: 'local' | undefined,
): LocalRun | undefined {
  if (port !== undefined && port !== '') {
    if (!/^\d{1,5}$/.test(port)) throw new UsageError(`PORT is "${port}", which is no port`);
    const run = runs.find((each) => each.port === Number(port));
    if (run === undefined) {
      throw new OpsError(
        `No local run on port ${port}; nothing is deployed there.`,
        `PORT=${port} npm start`,
      );
    }
    return run;
  }
  const run = runs.find((each) => each.port === DEFAULT_PORT) ?? (runs.length === 1 ? runs[0] : undefined);
  if (run !== undefined) return run;
  if (runs.length > 1) {
    const ports = runs.map((each) => each.port).join(', ');
    throw new OpsError(
      `There are several local runs, on ports ${ports}.`,
      'Pick one: PORT=<port>, or --target aws',
    );
  }
  if (kind === 'local') throw new OpsError('There is no local run; nothing is deployed here.', 'npm start');
  return undefined;
}

function localTarget(run: LocalRun, stack: string | undefined): Target {
  const deployed = /:stateMachine:(.+)-incident-escalation$/.exec(run.outputs.StateMachineArn)?.[1];
  return {
    kind: 'local',
    stackName: stack ?? deployed ?? 'incident-orchestrator',
    label: `local run at ${run.url}${stack === undefined ? '' : `, stack ${stack}`}`,
    deployCommand: run.port === DEFAULT_PORT ? 'npm start' : `PORT=${run.port} npm start`,
    run,
  };
}

function awsTarget(env: TargetOptions['env'], stack: string | undefined): Target {
  const stackName = stack ?? stackNameOfSettings();
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  const profile = env['AWS_PROFILE'];
  const where = [region, profile === undefined ? undefined : `profile ${profile}`].filter(
    (each) => each !== undefined,
  );
  return {
    kind: 'aws',
    stackName,
    label: `AWS${where.length === 0 ? '' : ` (${where.join(', ')})`}, stack ${stackName}`,
    deployCommand: 'npm run deploy',
  };
}

function stackNameOfSettings(): string {
  const text = readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8');
  const { context } = JSON.parse(text) as { context?: Record<string, { stack_name?: string } | undefined> };
  return context?.['incident-orchestrator']?.stack_name ?? 'incident-orchestrator';
}
