import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENT } from '../../bin/docs/workflow-diagram.ts';
import { engineCredentials } from '../../bin/local/environment.ts';
import { eventually, Orchestrator } from './support/orchestrator.ts';
import { opsCli } from './support/ops-cli.ts';
import { shapeOf, StandIns, type Step, stepsOf, wordsOf } from './support/runbook.ts';

/**
 * Runs every command of the runbook, in its order, and compares what comes out with what the runbook shows.
 * `RUNBOOK=write` writes what came out into the runbook instead.
 */
const document = readFileSync(DOCUMENT, 'utf8');
const steps = stepsOf(document);
const writing = process.env['RUNBOOK'] === 'write';
const written = new Map<Step, string>();

/** The settings that cdk.json ships would make a reader wait; what comes out is the same. */
const overrides = {
  retry: {
    discord: { tries: 1, base_seconds: 0.1, cap_seconds: 1 },
    zapier: { tries: 8, base_seconds: 0.5, cap_seconds: 2 },
    pagerduty: { tries: 60, base_seconds: 1, cap_seconds: 2 },
  },
  zapier_breaker: {
    window_seconds: 60,
    minimum_calls: 4,
    failure_rate: 0.5,
    open_seconds: 5,
    cap_seconds: 10,
  },
};
const PATIENCE_MS = 60_000;

let orchestrator: Orchestrator;
let standIns: StandIns;
let ops: ReturnType<typeof opsCli>;
beforeAll(async () => {
  orchestrator = await Orchestrator.start({ ackTimeoutSeconds: 10, overrides });
  standIns = new StandIns(orchestrator.stack.url);
  ops = opsCli(orchestrator.stack.port);
});
afterAll(async () => {
  await orchestrator.stack.stop();
  if (writing) writeFileSync(DOCUMENT, rewritten());
});

describe('docs/runbooks/automation.md', () => {
  it('has commands to run', () => {
    expect(steps.length).toBeGreaterThan(30);
  });

  it.each(steps.map((step) => [`${step.section}: ${step.command}`, step] as const))('%s', async (_, step) => {
    const { code, shown } = await outcomeOf(step);
    if (writing && step.range !== undefined) written.set(step, shown);
    else if (step.shown !== undefined) expect(shapeOf(shown), shown).toBe(shapeOf(step.shown));
    expect(code, shown).toBe(step.exitCode);
  });
});

async function outcomeOf({
  command,
  until,
  keeper,
  drained,
}: Step): Promise<{ code: number; shown: string }> {
  const deadline = Date.now() + PATIENCE_MS;
  if (drained) await eventually('the queues are empty', waiting, (messages) => messages === 0);
  for (;;) {
    if (keeper) await callKeeper();
    const { code, out } = await execute(standIns.reveal(command));
    const shown = standIns.hide(out);
    if (until === undefined || shown.includes(until)) return { code, shown };
    if (Date.now() > deadline) throw new Error(`Never showed "${until}", at last:\n${shown}`);
    await pause(500);
  }
}

async function waiting(): Promise<number> {
  const { json } = await ops(['breaker', '--json']);
  return (json['channels'] as { waiting: number }[]).reduce((sum, channel) => sum + channel.waiting, 0);
}

async function callKeeper(): Promise<void> {
  const { engineEndpoint: endpoint, region, account } = orchestrator.stack;
  const client = new LambdaClient({ endpoint, region, credentials: engineCredentials(account) });
  await client.send(new InvokeCommand({ FunctionName: 'incident-orchestrator-breaker-keeper' }));
  client.destroy();
}

/** A command of ours in this process, which is quicker; any other by a shell. */
async function execute(command: string): Promise<{ code: number; out: string }> {
  const ours = /^(?:echo '([^']*)' \| )?npm run ops -- (.*)$/s.exec(command);
  if (ours !== null) return ops(wordsOf(ours[2] ?? ''), ours[1]);
  const { stdout } = await promisify(execFile)('bash', ['-c', command]);
  return { code: 0, out: stdout };
}

function rewritten(): string {
  let text = document;
  for (const [{ range }, shown] of [...written].reverse()) {
    if (range !== undefined) text = `${text.slice(0, range[0])}${shown.trimEnd()}\n${text.slice(range[1])}`;
  }
  return text;
}
