import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { EngineAddress } from '../../../bin/local/environment.ts';
import { startEngine } from '../../../bin/local/engine.ts';
import { silent } from '../../../bin/local/progress.ts';
import { bundleHandlers } from '../../../lib/bundles.ts';
import { synthesise } from '../../infra/synth.ts';
import { PROVIDERS_PLACEHOLDER } from './placeholder.ts';
import { report } from './report.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly engine: EngineAddress;
    /** The resources of the synthesised stack, as JSON. */
    readonly templateFile: string;
    /** The handlers' bundles as they are deployed: a folder each. */
    readonly bundles: string;
    /** A folder for what the tests found. */
    readonly findings: string;
  }
}

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
  bundleHandlers(bundles);
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
  const findings = await mkdtemp(join(folder, 'findings-'));
  project.provide('findings', findings);
  return async () => {
    await engine.stop();
    try {
      await report(findings, { partial: project.vitest.config.testNamePattern !== undefined });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}
