import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineAddress, engineProcessEnvironment, toolEnvironment } from '../environment.ts';
import { signalGroup, start } from '../processes.ts';
import { waitFor } from '../wait.ts';
import { engineSettings, freePort, untilHealthy } from './health.ts';
import type { PythonEngine } from './install.ts';

const MAIN = fileURLToPath(new URL('main.py', import.meta.url));
// The image of the version that engine-requirements.txt pins.
const IMAGE = 'ministackorg/ministack:1.5.33';
// It is up in half a second to 4 s; a busy machine takes longer, and so does a first image download.
const HEALTHY_WITHIN_MS = { python: 60_000, docker: 150_000 };
const GONE_WITHIN_MS = 5_000;

export interface LaunchOptions {
  readonly account: string;
  readonly region: string;
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
  readonly note?: (text: string) => void;
}

/** An engine of our own. */
export interface Launched extends EngineAddress {
  stop(): Promise<void>;
}

/**
 * MiniStack under a Python on this machine, its files in a temporary folder.
 *
 * @throws LocalRunError when it does not become healthy
 */
export async function launchPython(
  { command, path }: PythonEngine,
  options: LaunchOptions,
): Promise<Launched> {
  const address = await newAddress(options);
  const folder = await mkdtemp(join(tmpdir(), 'incident-engine-'));
  await mkdir(join(folder, 'state'));
  const child = start(command, [MAIN], {
    stdin: 'pipe',
    endsItself: true,
    cwd: folder,
    onLine: logger(options),
    env: {
      ...engineProcessEnvironment(address),
      ...engineSettings(address.port),
      ...(path === undefined ? {} : { PYTHONPATH: path }),
      TMPDIR: folder,
      S3_DATA_DIR: join(folder, 's3'),
      STATE_DIR: join(folder, 'state'),
    },
  });
  const stop = async () => {
    await kill(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return watch(child, address, stop, HEALTHY_WITHIN_MS.python, options);
}

/**
 * MiniStack's image. It shares the machine's network, so that Lambdas reach the simulators; that takes Linux.
 *
 * @throws LocalRunError when it does not become healthy
 */
export async function launchDocker(options: LaunchOptions): Promise<Launched> {
  const address = await newAddress(options);
  const settings = {
    ...engineSettings(address.port),
    AWS_ENDPOINT_URL: address.endpoint,
    PYTHONPATH: '/opt/ministack',
    TMPDIR: '/engine',
    TZ: 'UTC',
  };
  const flags = ['--rm', '--interactive', '--init', '--network', 'host', '--tmpfs', '/engine:mode=1777,exec'];
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const mount = ['--volume', `${MAIN}:/main.py:ro`, '--entrypoint', 'python'];
  const child = start('docker', ['run', ...flags, ...variables, ...mount, IMAGE, '/main.py'], {
    stdin: 'pipe',
    endsItself: true,
    onLine: logger(options),
    env: toolEnvironment(),
  });
  return watch(child, address, () => hangUp(child), HEALTHY_WITHIN_MS.docker, options);
}

async function newAddress({ account, region }: LaunchOptions) {
  const port = await freePort();
  return { endpoint: `http://127.0.0.1:${port}`, account, region, port };
}

function logger({ logFile, note }: LaunchOptions): (line: string) => void {
  const log = createWriteStream(logFile);
  return (line) => {
    log.write(`${line}\n`);
    note?.(line);
  };
}

async function watch(
  child: ChildProcess,
  { endpoint, account, region }: EngineAddress,
  stop: () => Promise<void>,
  within: number,
  { logFile, signal }: LaunchOptions,
): Promise<Launched> {
  let ended = false;
  child.once('close', () => (ended = true));
  child.once('error', () => (ended = true));
  // Nothing is written to it; a broken pipe only says that the engine ended first.
  child.stdin?.on('error', () => undefined);
  try {
    await untilHealthy(endpoint, { logFile, signal, within, hasEnded: () => ended });
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, account, region, stop };
}

/** A kill, because there is nothing of a run that is worth keeping, and it takes the workers along. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasExited(child)) return;
  const exit = once(child, 'exit');
  signalGroup(child.pid, 'SIGKILL');
  await exit;
}

/** The end of its standard input ends what is in the container, where a kill of the client would not reach. */
async function hangUp(child: ChildProcess): Promise<void> {
  child.stdin?.destroy();
  await waitFor(() => hasExited(child) || undefined, { within: GONE_WITHIN_MS });
  await kill(child);
}

const hasExited = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;
