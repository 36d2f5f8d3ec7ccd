import { describe, expect, it } from 'vitest';
import type { LocalRun } from '../../../bin/ops/target/local-runs.ts';
import { resolveTarget } from '../../../bin/ops/target/target.ts';

const runAt = (port: number): LocalRun =>
  ({
    port,
    url: `http://127.0.0.1:${port}`,
    outputs: { StateMachineArn: 'arn:aws:states:us-east-1:0:stateMachine:mine-incident-escalation' },
  }) as LocalRun;

const resolve = (
  ports: readonly number[],
  {
    port,
    kind,
    stack,
    env = {},
  }: { port?: string; kind?: 'local' | 'aws'; stack?: string; env?: object } = {},
) =>
  resolveTarget({
    env: { ...env, ...(port === undefined ? {} : { PORT: port }) },
    kind,
    stack,
    runs: () => Promise.resolve(ports.map(runAt)),
  });

describe('the target', () => {
  it('is the only local run', async () => {
    expect(await resolve([4530])).toMatchObject({
      kind: 'local',
      stackName: 'mine',
      deployCommand: 'PORT=4530 npm start',
    });
  });

  it('is the one on the default port, of several', async () => {
    expect(await resolve([4000, 4010])).toMatchObject({ run: { port: 4010 }, deployCommand: 'npm start' });
  });

  it('is the one that PORT says', async () => {
    expect(await resolve([4000, 4010], { port: '4000' })).toMatchObject({ run: { port: 4000 } });
  });

  it('is not guessed among several', async () => {
    await expect(resolve([4000, 4001])).rejects.toThrow('several local runs, on ports 4000, 4001');
  });

  it('is never AWS when PORT names a run that is not there', async () => {
    await expect(resolve([], { port: '4999' })).rejects.toThrow('No local run on port 4999');
    await expect(resolve([], { port: 'x' })).rejects.toThrow('PORT is "x"');
  });

  it('is AWS without a local run, by the stack name of cdk.json', async () => {
    const env = { AWS_REGION: 'eu-central-1', AWS_PROFILE: 'prod' };
    expect(await resolve([], { env })).toMatchObject({
      kind: 'aws',
      stackName: 'incident-orchestrator',
      label: 'AWS (eu-central-1, profile prod), stack incident-orchestrator',
      deployCommand: 'npm run deploy',
    });
  });

  it('is AWS where that is asked for', async () => {
    expect(await resolve([4010], { kind: 'aws', stack: 'other' })).toMatchObject({
      kind: 'aws',
      stackName: 'other',
    });
  });

  it('is no AWS where a local run is asked for', async () => {
    await expect(resolve([], { kind: 'local' })).rejects.toThrow('There is no local run');
  });
});
