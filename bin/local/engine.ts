import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineAddress, engineProcessEnvironment, ownEngine, toolEnvironment } from './environment.ts';
import { LocalRunError } from './errors.ts';
import { findPython, installEngine } from './python.ts';
import { run, signalGroup, start } from './processes.ts';
import type { Progress } from './progress.ts';
import { waitFor } from './wait.ts';

const MAIN = fileURLToPath(new URL('engine-main.py', import.meta.url));
// The image of the version that engine-requirements.txt pins.
const IMAGE = 'ministackorg/ministack:1.5.33';
// It is up in 2 to 4 s; a busy machine or a first image download takes longer.
const HEALTHY_WITHIN_MS = 60_000;
const PULL_WITHIN_MS = 150_000;
const GONE_WITHIN_MS = 5_000;

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
  /** Looks at `AWS_ENDPOINT_URL`. */
  readonly useOwn?: boolean;
}

const REGION = 'us-east-1';
// The engine looks up an API by the account of the caller, and a caller with a bearer token counts as this one.
const ACCOUNT = '000000000000';

/**
 * Finds or starts the engine: the person's own, else MiniStack by Python, else by Docker.
 *
 * @throws LocalRunError when there is none to be had, or it does not become healthy
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const own = options.useOwn === false ? undefined : ownEngine();
  if (own !== undefined) return useEngine(own, options);
  const { progress, signal } = options;
  const python = await findPython(signal);
  if (python === undefined) return dockerEngine(options);
  const engine = await progress.step(`Local AWS engine (Python ${python.version})`, (note) =>
    installEngine(python, note, signal),
  );
  return progress.step('Engine started', () => pythonEngine(engine, options));
}

/** An account must never be touched by accident: only an address on this machine or a bare container name will do. */
async function useEngine(address: string, { progress, signal }: EngineOptions): Promise<Engine> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (
    url === undefined ||
    !/^(localhost|127\.[\d.]+|\[::1\]|[a-z0-9-]+|.*\.localhost\.localstack\.cloud)$/i.test(url.hostname)
  ) {
    throw new LocalRunError(
      `AWS_ENDPOINT_URL is ${address}, which is not an engine on this machine.`,
      'Unset it, and an engine is started for you; or set it to http://127.0.0.1:<port> of your own.',
    );
  }
  const endpoint = address.replace(/\/+$/, '');
  await progress.step(`Your own engine at ${endpoint}`, async () => {
    if ((await waitFor(() => healthy(endpoint), { within: 5_000, every: 200, signal })) !== true) {
      throw new LocalRunError(
        `Nothing answers at AWS_ENDPOINT_URL (${endpoint}).`,
        'Start that engine, or unset the variable.',
      );
    }
  });
  return { endpoint, account: ACCOUNT, region: REGION, shared: true, stop: () => Promise.resolve() };
}

async function pythonEngine(
  { command, path }: { command: string; path?: string },
  options: EngineOptions,
): Promise<Engine> {
  const { logFile, signal } = options;
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'incident-engine-'));
  await mkdir(join(folder, 'state'));
  const log = createWriteStream(logFile);
  const child = start(command, [MAIN], {
    stdin: 'pipe',
    cwd: folder,
    onLine: (line) => log.write(`${line}\n`),
    env: {
      ...engineProcessEnvironment({ endpoint, account: ACCOUNT, region: REGION }),
      ...engineSettings(port),
      ...(path === undefined ? {} : { PYTHONPATH: path }),
      TMPDIR: folder,
      S3_DATA_DIR: join(folder, 's3'),
      STATE_DIR: join(folder, 'state'),
    },
  });
  const group = child.pid;
  let ended = false;
  child.once('close', () => {
    ended = true;
    log.end();
  });
  // Writing to it is not what it is for; a broken pipe only says that the engine ended first.
  child.stdin?.on('error', () => undefined);
  const stop = async () => {
    child.stdin?.destroy();
    if (!ended)
      await Promise.race([
        once(child, 'close'),
        waitFor(() => ended || undefined, { within: GONE_WITHIN_MS }),
      ]);
    if (group !== undefined) {
      signalGroup(group, 'SIGKILL');
      await waitFor(() => (signalGroup(group, 0) ? undefined : true), { within: GONE_WITHIN_MS });
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await untilHealthy(endpoint, { logFile, signal, within: HEALTHY_WITHIN_MS, hasEnded: () => ended });
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, account: ACCOUNT, region: REGION, shared: false, stop };
}

/** Shares the machine's network, so that Lambdas reach the simulators and we reach it; that takes Linux. */
async function dockerEngine(options: EngineOptions): Promise<Engine> {
  const { progress, signal, logFile } = options;
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
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const name = `incident-engine-${port}`;
  const log = createWriteStream(logFile);
  const settings = { ...engineSettings(port), AWS_ENDPOINT_URL: endpoint };
  return progress.step('Engine started (Docker)', async (note) => {
    const child = start(
      'docker',
      [
        'run',
        '--rm',
        '--init',
        '--network',
        'host',
        '--name',
        name,
        ...Object.entries(settings).flatMap(([key, value]) => ['-e', `${key}=${value}`]),
        IMAGE,
      ],
      {
        env: toolEnvironment(),
        onLine: (line) => {
          log.write(`${line}\n`);
          note(line);
        },
      },
    );
    let ended = false;
    child.once('close', () => {
      ended = true;
      log.end();
    });
    child.once('error', () => undefined);
    const stop = async () => {
      await run('docker', ['rm', '--force', name], { env: toolEnvironment() }).catch(() => undefined);
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    };
    try {
      await untilHealthy(endpoint, { logFile, signal, within: PULL_WITHIN_MS, hasEnded: () => ended });
    } catch (error) {
      await stop();
      throw error;
    }
    return { endpoint, account: ACCOUNT, region: REGION, shared: false, stop };
  });
}

const engineSettings = (port: number): Record<string, string> => ({
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  LAMBDA_EXECUTOR: 'local',
  // Idle workers that a burst left over; the first of each function stays warm anyway.
  LAMBDA_WARM_TTL_SECONDS: '60',
  // Listeners on fixed ports, on which two engines would meet.
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  LOG_LEVEL: 'INFO',
});

async function untilHealthy(
  endpoint: string,
  {
    logFile,
    signal,
    within,
    hasEnded,
  }: { logFile: string; signal: AbortSignal | undefined; within: number; hasEnded: () => boolean },
): Promise<void> {
  const state = await waitFor(
    async () => (hasEnded() ? 'ended' : (await healthy(endpoint)) ? 'healthy' : undefined),
    { within, signal },
  );
  if (state === 'healthy') return;
  const what =
    state === 'ended' ? 'ended while it was starting' : `did not become healthy within ${within / 1_000} s`;
  throw new LocalRunError(`The local AWS engine ${what}.`, `Its log says why: ${logFile}`);
}

async function healthy(endpoint: string): Promise<true | undefined> {
  for (const path of ['/_ministack/health', '/_localstack/health']) {
    try {
      const response = await fetch(endpoint + path, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      if (response.ok) return true;
    } catch {
      // Not listening yet, which is what we wait for.
    }
  }
  return undefined;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
