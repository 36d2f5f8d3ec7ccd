import { findPython, installEngine } from './engine/install.ts';
import { healthy } from './engine/health.ts';
import { launchDocker, launchPython } from './engine/launch.ts';
import { type EngineAddress, ownEngine, toolEnvironment } from './environment.ts';
import { LocalRunError } from './errors.ts';
import { run } from './processes.ts';
import type { Progress } from './progress.ts';
import { waitFor } from './wait.ts';

/** A running AWS engine. */
export interface Engine extends EngineAddress {
  /** The person's own: others may use it too, and it is not ours to end. */
  readonly shared: boolean;
  /** Ends it and all it started; does nothing to an engine that was there before. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly progress: Progress;
  /** Where the engine's output goes. */
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
  /** False: always an engine of one's own, whatever `AWS_ENDPOINT_URL` says. */
  readonly useOwn?: boolean;
}

const REGION = 'us-east-1';
// The engine looks up an API by the account of the caller, and a caller with a bearer token counts as this one.
const ACCOUNT = '000000000000';
const LOCAL =
  /^(localhost|127(\.\d+){3}|\[::1\]|host\.docker\.internal|[a-z0-9-]+|localhost\.localstack\.cloud)$/i;

/**
 * Finds or starts the engine: the person's own, else MiniStack by Python, else by Docker.
 *
 * @throws LocalRunError when there is none to be had, or it does not become healthy
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { progress, signal, logFile } = options;
  const own = options.useOwn === false ? undefined : ownEngine();
  if (own !== undefined) return useOwn(own, options);
  const launch = { account: ACCOUNT, region: REGION, logFile, signal };
  const python = await findPython(signal);
  if (python !== undefined) {
    const engine = await progress.step(`Local AWS engine (Python ${python.version})`, (note) =>
      installEngine(python, note, signal),
    );
    const launched = await progress.step('Engine started', () => launchPython(engine, launch));
    return { ...launched, shared: false };
  }
  await needDocker(signal);
  const launched = await progress.step('Engine started (Docker)', (note) =>
    launchDocker({ ...launch, note }),
  );
  return { ...launched, shared: false };
}

/** An account must never be touched by accident: only this machine, or a container's bare name, will do. */
async function useOwn(address: string, { progress, signal }: EngineOptions): Promise<Engine> {
  const endpoint = address.replace(/\/+$/, '');
  if (!URL.canParse(endpoint) || !LOCAL.test(new URL(endpoint).hostname)) {
    throw new LocalRunError(
      `AWS_ENDPOINT_URL is ${address}, which is not an engine on this machine.`,
      'Unset it, and an engine is started for you; or set it to http://127.0.0.1:<port> of your own.',
    );
  }
  await progress.step(`Your own engine at ${endpoint}`, async () => {
    if ((await waitFor(() => healthy(endpoint), { within: 5_000, every: 200, signal })) === true) return;
    throw new LocalRunError(
      `Nothing answers at AWS_ENDPOINT_URL (${endpoint}).`,
      'Start that engine, or unset the variable and one is started for you.',
    );
  });
  return { endpoint, account: ACCOUNT, region: REGION, shared: true, stop: () => Promise.resolve() };
}

async function needDocker(signal: AbortSignal | undefined): Promise<void> {
  try {
    await run('docker', ['info'], { env: toolEnvironment(), signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new LocalRunError(
      'Neither Python 3.10 or newer nor a running Docker was found; one of them is needed for the local AWS engine.',
      'On Debian and Ubuntu: sudo apt-get install python3 python3-venv\nOr start your own engine and set AWS_ENDPOINT_URL to it.',
      { cause: error },
    );
  }
}
