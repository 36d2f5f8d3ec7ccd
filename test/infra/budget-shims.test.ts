import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptingAnswers, type AwsStub, startAwsStub } from '../../bin/bench/aws-stub.ts';
import { environmentsOf } from '../../bin/bench/environments.ts';
import { apiEvent, incidentEvent, TOKEN } from '../../bin/bench/events.ts';
import { bundleHandlers } from '../../lib/bundles.ts';

/** What lambdas/shims/ puts in the place of packages is in the bundles alone: so they are run, as Lambda runs them. */
const INVOKE = `
  const [, file, event] = process.argv;
  require(file).handler(JSON.parse(event), { functionName: 'ingest-incident' }).then(
    ({ statusCode }) => { console.error(statusCode); },
    (error) => { console.error(String(error)); },
  );
`;
const folder = mkdtempSync(join(tmpdir(), 'shims-'));
const credentials = {
  AccessKeyId: 'from-the-container',
  SecretAccessKey: 'secret',
  Token: 'token',
  Expiration: '2099-01-01T00:00:00Z',
};
const environment = environmentsOf().get('ingest-incident');
let aws: AwsStub;

beforeAll(async () => {
  bundleHandlers(folder);
  const accepting = acceptingAnswers({ bench: TOKEN });
  // What has no operation is the container asking for its credentials.
  aws = await startAwsStub((operation) =>
    operation === 'undefined' ? { body: credentials } : accepting(operation),
  );
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** @returns the status that ingest-incident answers with, or the error */
async function invoke(extra: Readonly<Record<string, string>>): Promise<string> {
  const args = ['--eval', INVOKE, join(folder, 'ingest-incident', 'index.js')];
  const event = JSON.stringify(apiEvent(incidentEvent('e')));
  const { stderr } = await promisify(execFile)(process.execPath, [...args, event], {
    env: {
      ...environment,
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: '/var/task',
      ...extra,
    },
  });
  return stderr.trim();
}

const fromEnvironment = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };

describe('a bundle', () => {
  it('takes its credentials from the environment', async () => {
    expect(await invoke(fromEnvironment)).toBe('202');
  });

  it('takes them from the container endpoint where the environment has none', async () => {
    aws.calls.clear();
    expect(await invoke({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${aws.url}/credentials` })).toBe('202');
    expect(aws.calls.get('undefined')).toBeGreaterThan(0);
  });

  it('traces its steps and its AWS calls where the invocation is sampled', async () => {
    const daemon = createSocket('udp4');
    const packets: string[] = [];
    daemon.on('message', (packet) => packets.push(packet.toString())).bind(0, '127.0.0.1');
    await once(daemon, 'listening');
    const status = await invoke({
      ...fromEnvironment,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
      _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1',
    });
    daemon.close();
    expect(status).toBe('202');
    const spans = packets.map((packet) => JSON.parse(packet.split('\n')[1] ?? '') as Record<string, unknown>);
    const step = spans.find(({ name }) => name === 'start workflow');
    expect(step).toMatchObject({ annotations: { correlation_id: expect.any(String) as string } });
    expect(spans.find(({ name }) => name === 'SFN')).toMatchObject({
      parent_id: step?.['id'],
      aws: { operation: 'StartExecution' },
    });
  });
});
