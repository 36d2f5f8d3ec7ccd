import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { OpsError } from './errors.ts';

/** What a command line talks through. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** The operator's end: notes to it, questions to it, what it pipes in. */
export class Terminal {
  readonly #streams: Streams;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  /** Whether there is a person to ask. */
  get interactive(): boolean {
    return this.#streams.stdin.isTTY === true;
  }

  print(text: string): void {
    this.#streams.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  note(text: string): void {
    this.#streams.stderr.write(`${text}\n`);
  }

  /** Asks for something that must not be seen: what is typed is not shown. */
  async askSecret(question: string): Promise<string> {
    const { stdin, stderr } = this.#streams;
    stderr.write(question);
    // Readline echoes into its output: into none here.
    const lines = createInterface({ input: stdin, terminal: true });
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        const stop = () => {
          reject(
            new OpsError(
              'Interrupted. Nothing was written.',
              'Run it again when you have the values at hand',
            ),
          );
        };
        lines.once('line', resolve).once('SIGINT', stop).once('close', stop);
      });
      return answer.trim();
    } finally {
      lines.close();
      stderr.write('\n');
    }
  }

  /** All of standard input. */
  async piped(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#streams.stdin) chunks.push(Buffer.from(chunk as Uint8Array | string));
    return Buffer.concat(chunks).toString('utf8');
  }
}
