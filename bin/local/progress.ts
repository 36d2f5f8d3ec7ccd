/** Tells a person what is being done. */
export interface Progress {
  /** Runs one step, saying when it starts, how it goes and how long it took. */
  step<T>(name: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
}

/** Says nothing, for tests. */
export const silent: Progress = { step: (_name, work) => work(() => undefined) };

// A log without a terminal gets a sign of life this often, not each line of what the tools say.
const LOG_NOTE_EVERY_MS = 10_000;
const LOG_WIDTH = 120;

/**
 * In a terminal one line a step, rewritten while it goes on; elsewhere a line at its start, its end, and now and
 * then in between.
 */
export function talkative(out: NodeJS.WriteStream): Progress {
  const terminal = out.isTTY;
  return {
    step: async (name, work) => {
      const startedAt = Date.now();
      const seconds = () => `${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;
      let noted = startedAt;
      const line = (mark: string, text: string) => {
        out.write(terminal ? `\r\u001b[K${mark} ${text}` : `${mark} ${text}\n`);
      };
      line('…', name);
      const note = (text: string) => {
        if (text.trim() === '') return;
        if (terminal) line('…', `${name} (${seconds()}) ${text}`.slice(0, Math.max(20, out.columns - 3)));
        else if (Date.now() - noted >= LOG_NOTE_EVERY_MS) {
          noted = Date.now();
          line('…', `${name} (${seconds()}) ${text}`.slice(0, LOG_WIDTH));
        }
      };
      try {
        const result = await work(note);
        line('✓', `${name}  ${seconds()}${terminal ? '\n' : ''}`);
        return result;
      } catch (error) {
        line('✗', `${name}  ${seconds()}${terminal ? '\n' : ''}`);
        throw error;
      }
    },
  };
}
