import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { EngineAddress } from '../../../bin/local/environment.ts';
import { startEngine } from '../../../bin/local/engine.ts';
import { silent } from '../../../bin/local/progress.ts';
import { synthesise } from '../../infra/synth.ts';
import { bundleHandlers } from './bundles.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly engine: EngineAddress;
    /** The resources of the synthesised stack, as JSON. */
    readonly templateFile: string;
    /** A folder with one bundle a handler. */
    readonly bundles: string;
  }
}

/** Where the providers are said to be; each stage puts its own address in its place. */
export const PROVIDERS_PLACEHOLDER = 'http://providers.invalid';

/** Once for all files of the project: the engine, the handlers as they are deployed, and the stack's template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'incident-faults-'));
  const engine = await startEngine({
    progress: silent,
    logFile: join(folder, 'engine.log'),
    // These tests count every call: nobody else may be on it.
    useOwn: false,
  });
  const bundles = join(folder, 'bundles');
  await bundleHandlers(bundles);
  const templateFile = join(folder, 'template.json');
  const { resources } = synthesise({
    base_urls: {
      slack: `${PROVIDERS_PLACEHOLDER}/slack/api/`,
      discord: `${PROVIDERS_PLACEHOLDER}/discord/api/v10`,
      pagerduty: `${PROVIDERS_PLACEHOLDER}/pagerduty`,
    },
    slack: { channel_id: 'C0LOCAL01' },
    discord: { channel_id: '1180000000000000010' },
  });
  await writeFile(templateFile, JSON.stringify(resources));
  const { endpoint, account, region } = engine;
  project.provide('engine', { endpoint, account, region });
  project.provide('templateFile', templateFile);
  project.provide('bundles', bundles);
  return async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
