import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Process groups that are ours; whatever ends this process ends them. */
const groups = new Set<number>();
process.on('exit', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL');
});

export interface SpawnOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each line of output, standard and error alike. */
  readonly onLine?: (line: string) => void;
  /** Aborting ends the process and all it started. */
  readonly signal?: AbortSignal | undefined;
}

/** A program did not end well. `output` has its last lines. */
export class ProgramFailed extends Error {
  readonly output: string;

  constructor(message: string, output: string, options?: ErrorOptions) {
    super(message, options);
    this.output = output;
  }
}

// Enough to see what went wrong, however much was said before.
const KEPT_LINES = 60;

/**
 * Starts a program as the leader of a group of its own, so that all it starts can be ended with it, and so that
 * Ctrl-C in a terminal reaches us alone, who end it in order.
 */
export function start(
  command: string,
  args: readonly string[],
  options: SpawnOptions & {
    stdin?: 'pipe';
    /** It notices by its standard input that we are gone, and then clears up better than a kill does. */
    endsItself?: boolean;
  },
): ChildProcess {
  const child = spawn(command, args, {
    env: options.env,
    cwd: options.cwd,
    detached: true,
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined && options.endsItself !== true) {
    groups.add(pid);
    child.once('close', () => groups.delete(pid));
  }
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    });
    stream?.on('close', () => {
      if (rest !== '') options.onLine?.(rest);
    });
  }
  return child;
}

/**
 * Runs a program to its end.
 *
 * @returns all it said
 * @throws ProgramFailed when it cannot be started, fails, or is aborted
 */
export async function run(command: string, args: readonly string[], options: SpawnOptions): Promise<string> {
  const { signal } = options;
  const lines: string[] = [];
  const child = start(command, args, {
    ...options,
    // Nothing is ever written to it; its end tells a program that cares that we are gone.
    stdin: 'pipe',
    onLine: (line) => {
      lines.push(line);
      options.onLine?.(line);
    },
  });
  const abort = () => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
    signal?.throwIfAborted();
    if (code === 0) return lines.join('\n');
    const how = killedBy ?? `exit code ${code ?? 'unknown'}`;
    throw new ProgramFailed(`${command} failed (${how})`, lines.slice(-KEPT_LINES).join('\n'));
  } catch (error) {
    if (error instanceof ProgramFailed || signal?.aborted === true) throw error;
    throw new ProgramFailed(`${command} could not be started`, String(error), { cause: error });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** Signals every process of a group; false when none is left. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
