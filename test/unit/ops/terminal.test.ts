import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Terminal } from '../../../bin/ops/cli/terminal.ts';
import { textOf } from './support.ts';

/** A terminal, and what it shows once the questions are over. */
function person() {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const shown = textOf(stderr);
  const end = () => {
    stderr.end();
    return shown;
  };
  return {
    terminal: new Terminal({ stdin: Object.assign(stdin, { isTTY: true }), stdout, stderr }),
    stdin,
    end,
  };
}

describe('a question for a secret', () => {
  it('takes a line, and shows nothing of it', async () => {
    const { terminal, stdin, end } = person();
    const asked = terminal.askSecret('token: ');
    stdin.write(' xoxb-typed \r');
    expect(await asked).toBe('xoxb-typed');
    expect(await end()).toBe('token: \n');
  });

  it.each([
    ['Ctrl-C', 'half\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is left by %s without an answer', async (_, keys) => {
    const { terminal, stdin } = person();
    const asked = terminal.askSecret('token: ');
    stdin.write(keys);
    await expect(asked).rejects.toThrow('Interrupted. Nothing was written.');
  });
});
