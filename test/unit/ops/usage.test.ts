import { describe, expect, it } from 'vitest';
import { COMMANDS, type CommandName } from '../../../bin/ops/commands.ts';
import { run } from './support.ts';

const names = Object.keys(COMMANDS) as CommandName[];
const ID = '01a20930-7fe8-7787-80d4-875c9d61e2ec';

describe('npm run ops', () => {
  it('lists every command', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it('without a command is wrong usage', async () => {
    const { code, out } = await run([]);
    expect({ code, usage: out.includes('Usage:') }).toEqual({ code: 2, usage: true });
  });

  it.each(names)('%s --help tells usage, options and exit codes, and asks nothing of AWS', async (name) => {
    const { code, out, err } = await run([name, '--help'], { PORT: '1' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: npm run ops -- ${name}`);
    expect(out).toContain('--json');
    expect(out).toContain('Exit codes: 0');
    const wide = out.split('\n').filter((line) => line.length > 130);
    expect(wide).toEqual([]);
  });

  it.each([
    [['nonsense'], 'The command is one of'],
    [['incidents', '--nonsense'], '--nonsense'],
    [['incidents', 'more'], 'takes no arguments'],
    [['show'], 'is missing'],
    [['show', 'not-an-id'], 'is no correlation id'],
    [['ack', ID, ID], '2 arguments'],
    [['incidents', '--severity', 'sev9'], '--severity is one of sev1, sev2, sev3'],
    [['incidents', '--since', 'yesterday'], '--since takes a number and s, m, h or d'],
    [['incidents', '--limit', '0'], '--limit takes a whole number'],
    [['replay', 'teams'], 'The channel is one of'],
    [['replay', 'slack', '--correlation-id', 'x'], 'is no correlation id'],
    [['pause', 'email'], 'The channel is one of'],
    [['configure', 'teams'], 'The secret is one of'],
    [['configure', 'slack', '--add', 'x'], '--add is for senders'],
    [['configure', '--stdin'], 'need the name of the secret'],
    [['doctor', '--target', 'moon'], '--target is one of local, aws'],
  ])('%j is wrong usage, and says how', async (args, said) => {
    // No region: a command that got as far as AWS would fail otherwise.
    const { code, out, err } = await run([
      ...args,
      ...(args.includes('--target') ? [] : ['--target', 'aws']),
    ]);
    expect(err).toContain(said);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('--json makes an error JSON too', async () => {
    const { code, out } = await run(['show', 'not-an-id', '--json', '--target', 'aws']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ usage: true });
  });

  it('names the missing local run, and how to start it', async () => {
    const { code, out, err } = await run(['doctor', '--json'], { PORT: '1' });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      error: 'No local run on port 1; nothing is deployed there.',
      advice: 'PORT=1 npm start',
    });
    expect(err).toContain('PORT=1 npm start');
  });
});
