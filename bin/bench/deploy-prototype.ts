import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineAddress, engineEnvironment } from '../local/environment.ts';
import { run } from '../local/processes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
// As cdk.json has its own: the environment's first node is the one that runs this.
const APP = 'node bin/bench/prototype/stack.ts';
const NAME = 'prototype';

/**
 * Deploys bin/bench/prototype/ to an engine that was bootstrapped.
 *
 * @param slackBaseUrl where its worker finds Slack's API, with a slash at the end
 * @returns the address that takes its events
 */
export async function deployPrototype(
  engine: EngineAddress,
  slackBaseUrl: string,
  folder: string,
): Promise<string> {
  const outputs = join(folder, 'prototype.json');
  await run(
    process.execPath,
    [
      ...[CDK, 'deploy', '--all', '--app', APP, '--output', join(folder, 'prototype.out')],
      ...['--context', `slack=${slackBaseUrl}`],
      ...['--require-approval', 'never', '--outputs-file', outputs, '--no-notices', '--no-color', '--ci'],
    ],
    { cwd: ROOT, env: engineEnvironment(engine) },
  );
  const { [NAME]: stack } = JSON.parse(await readFile(outputs, 'utf8')) as Record<string, { ApiId: string }>;
  return apiUrl(engine.endpoint, stack?.ApiId ?? '', '/events');
}

/** An address of a deployed HTTP API; its own host name does not resolve in Node. */
export const apiUrl = (endpoint: string, apiId: string, path: string): string =>
  `${endpoint}/_aws/execute-api/${apiId}/$default${path}`;
