import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, toolEnvironment } from '../environment.ts';
import { LocalRunError } from '../errors.ts';
import { ProgramFailed, run } from '../processes.ts';
import { withLock } from '../lock.ts';

const REQUIREMENTS = new URL('../engine-requirements.txt', import.meta.url);
// MiniStack's own `Requires-Python`.
const MINIMUM = [3, 10] as const;
const CANDIDATES = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
  'python',
];

/** How to run a Python that has the engine. */
export interface PythonEngine {
  readonly command: string;
  /** For `PYTHONPATH`, where the engine is beside that Python and not in it. */
  readonly path?: string;
}

/** The first Python on the path that is new enough: its command and version, `3.11` for one. */
export async function findPython(
  signal?: AbortSignal,
): Promise<{ command: string; version: string } | undefined> {
  for (const command of CANDIDATES) {
    try {
      const code = 'import sys; print("%d.%d" % sys.version_info[:2]); print(sys.executable)';
      const [version = '', executable = ''] = (
        await run(command, ['-c', code], { env: toolEnvironment(), signal })
      ).split('\n');
      const [major = 0, minor = 0] = version.split('.').map(Number);
      if (major === MINIMUM[0] && minor >= MINIMUM[1]) return { command: executable, version };
    } catch (error) {
      if (!(error instanceof ProgramFailed)) throw error;
    }
  }
  return undefined;
}

/**
 * The engine in the person's cache folder, installed there once for each Python version and set of requirements.
 *
 * @throws LocalRunError when neither `venv` nor `pip` works, or the download fails
 */
export async function installEngine(
  python: { command: string; version: string },
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<PythonEngine> {
  const requirements = await readFile(REQUIREMENTS);
  const digest = createHash('sha256').update(requirements).update(python.command).digest('hex').slice(0, 12);
  const cache = cacheFolder();
  const home = join(cache, `engine-py${python.version}-${digest}`);
  const ready = () => installed(home);
  const there = await ready();
  if (there !== undefined) return there;
  await mkdir(cache, { recursive: true });
  return withLock(`${home}.lock`, signal, async () => {
    const meanwhile = await ready();
    if (meanwhile !== undefined) return meanwhile;
    const building = await mkdtemp(`${home}.building-`);
    try {
      await build(python.command, building, note, signal);
      await rm(home, { recursive: true, force: true });
      await rename(building, home);
    } finally {
      await rm(building, { recursive: true, force: true });
    }
    const built = await ready();
    if (built === undefined) throw new Error(`The engine is not in ${home} after its installation`);
    return built;
  });
}

async function installed(home: string): Promise<PythonEngine | undefined> {
  try {
    return JSON.parse(await readFile(join(home, 'engine.json'), 'utf8')) as PythonEngine;
  } catch {
    return undefined;
  }
}

/** A venv's scripts know where they were made, but its interpreter finds its packages wherever it was moved. */
async function build(
  python: string,
  folder: string,
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const options = { env: toolEnvironment(), onLine: note, signal };
  const pip = [
    '-m',
    'pip',
    'install',
    '--require-hashes',
    '--only-binary',
    ':all:',
    '--no-input',
    '--disable-pip-version-check',
    '--progress-bar',
    'off',
    '-r',
    REQUIREMENTS.pathname,
  ];
  const home = folder.replace(/\.building-\w+$/, '');
  try {
    await run(python, ['-m', 'venv', folder], options);
    await run(join(folder, 'bin', 'python'), pip, options);
    await record(folder, { command: join(home, 'bin', 'python') });
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    const hasVenv = await exists(join(folder, 'bin', 'pip'));
    const hasPip = await works(python, ['-m', 'pip', '--version'], signal);
    if (hasVenv || !hasPip) throw explain(python, error, hasVenv);
    try {
      await run(python, [...pip, '--target', join(folder, 'packages')], options);
    } catch (failure) {
      throw failure instanceof ProgramFailed ? explain(python, failure, true) : failure;
    }
    await record(folder, { command: python, path: join(home, 'packages') });
  }
}

const record = (folder: string, engine: PythonEngine) =>
  writeFile(join(folder, 'engine.json'), JSON.stringify(engine));

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const works = (command: string, args: readonly string[], signal?: AbortSignal): Promise<boolean> =>
  run(command, args, { env: toolEnvironment(), signal }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ProgramFailed) return false;
      throw error;
    },
  );

function explain(python: string, error: ProgramFailed, couldInstall: boolean): LocalRunError {
  const said = error.output.split('\n').slice(-8).join('\n');
  return couldInstall
    ? new LocalRunError(
        `The local AWS engine could not be installed from Python's package index:\n${said}`,
        'Is there a network, and can pip reach its index (proxy, PIP_INDEX_URL)? Then start again.',
        { cause: error },
      )
    : new LocalRunError(
        `${python} can make no virtual environment and has no pip, so the local AWS engine cannot be installed.`,
        'On Debian and Ubuntu: sudo apt-get install python3-venv\nThen start again.',
        { cause: error },
      );
}
