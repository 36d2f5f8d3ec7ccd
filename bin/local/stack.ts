import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { namesOf, type RealProviders, secretsFor, settingsFor } from './credentials.ts';
import { deployStack, type DeployOptions, destroyStack, type StackOutputs } from './deploy.ts';
import { type Engine, startEngine } from './engine.ts';
import { openFront } from './front.ts';
import { type Progress, silent, talkative } from './progress.ts';
import { removeRunFile, runFolder, writeRunFile } from './run-file.ts';
import { seedSecrets } from './secrets.ts';

export interface LocalStackOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Seconds until an unanswered Sev1 is paged; the deployed settings' own when absent. */
  readonly ackTimeoutSeconds?: number | undefined;
  /** The bearer token of the sender named `local`. */
  readonly apiToken?: string;
  /** Merged over the stack's settings, after those that lead to the simulators. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly quiet?: boolean;
  readonly progress?: Progress;
  /** Without it all providers are simulated. */
  readonly real?: RealProviders;
  readonly signal?: AbortSignal;
}

/** The whole of it, up and running. */
export interface LocalStack {
  readonly url: string;
  readonly port: number;
  readonly engineEndpoint: string;
  /** The engine's account and region, for clients of its AWS APIs. */
  readonly account: string;
  readonly region: string;
  readonly outputs: StackOutputs;
  readonly apiToken: string;
  /** Ends everything; may be called again. */
  stop(): Promise<void>;
}

/**
 * Brings up engine, stack, simulators and front. What was started is ended again when any of it fails.
 *
 * @throws LocalRunError where a person can put it right; the signal's reason when aborted
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { apiToken = 'local-dev-token', ackTimeoutSeconds, real = {}, signal } = options;
  const progress = options.progress ?? (options.quiet === true ? silent : talkative(process.stderr));
  let stack: LocalStack | undefined;
  const front = await openFront({
    port: options.port ?? 0,
    run: () => ({
      api_token: apiToken,
      real: namesOf(real),
      deployed: stack !== undefined,
      acknowledgement_window_seconds: ackTimeoutSeconds ?? null,
    }),
  });
  const { port, url, providers } = front;
  let engine: Engine | undefined;
  let stopped: Promise<void> | undefined;
  let folder: string | undefined;
  let deployment: DeployOptions | undefined;
  const end = async (keepFolder: boolean) => {
    await removeRunFile(port);
    await front.close();
    if (engine?.shared === true && deployment !== undefined) await destroyStack(deployment);
    await engine?.stop();
    if (folder !== undefined && !keepFolder)
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    folder = await runFolder(port);
    engine = await startEngine({
      progress,
      logFile: join(folder, 'engine.log'),
      signal,
    });
    deployment = {
      engine,
      overrides: merge(
        {
          ...settingsFor(providers, real),
          // On an engine that others use too, a stack of this run's own, which goes with it.
          ...(engine.shared ? { stack_name: `incident-orchestrator-${port}`, removal: 'destroy' } : {}),
          ...(ackTimeoutSeconds !== undefined && {
            severities: { sev1: { acknowledgement_window_seconds: ackTimeoutSeconds } },
          }),
        },
        options.overrides ?? {},
      ),
      folder,
      progress,
      signal,
    };
    const outputs = await deployStack(deployment);
    await seedSecrets(engine, outputs, {
      senders: { local: apiToken },
      ...secretsFor(providers.secrets, real),
    });
    front.deployed({ endpoint: engine.endpoint, apiId: outputs.ApiId });
    const { endpoint, account, region } = engine;
    await writeRunFile(port, {
      url,
      pid: process.pid,
      endpoint,
      region,
      account,
      outputs,
      api_token: apiToken,
      started_at: new Date().toISOString(),
    });
    stack = {
      url,
      port,
      engineEndpoint: endpoint,
      account,
      region,
      outputs,
      apiToken,
      stop: () => (stopped ??= end(false)),
    };
    front.ready();
    return stack;
  } catch (error) {
    // Its engine.log is what explains the failure.
    await end(signal?.aborted !== true);
    throw error;
  }
}

type Tree = Readonly<Record<string, unknown>>;

/** Objects are merged key by key; of everything else the second counts. */
function merge(first: Tree, second: Tree): Tree {
  const isTree = (value: unknown): value is Tree =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const merged: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key];
    merged[key] = isTree(before) && isTree(value) ? merge(before, value) : value;
  }
  return merged;
}
