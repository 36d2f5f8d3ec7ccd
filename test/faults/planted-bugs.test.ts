import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { bundleWithBugs } from './support/bundles.ts';
import { clock } from './support/clock.ts';
import { type Case, Lane } from './support/crash-matrix.ts';
import { found } from './support/findings.ts';
import { PLANTED_BUGS } from './support/planted-bugs.ts';
import { SCENARIOS } from './support/scenarios.ts';

/** What a bug keeps from happening is waited for in vain. */
const PATIENCE_MS = 3_000;

let folder: string;
beforeAll(async () => {
  clock.install();
  folder = await mkdtemp(join(tmpdir(), 'incident-bugs-'));
});
afterAll(async () => {
  clock.uninstall();
  await rm(folder, { recursive: true, force: true });
});

// Side by side: most of each is waiting for what the bug keeps from happening.
describe.concurrent('a bug that is planted is noticed', () => {
  test.each(PLANTED_BUGS)('$bug', async ({ bug, handlers, patches, caughtBy }) => {
    const { handler, when, fault } = caughtBy;
    const scenario = SCENARIOS.find((each) => each.handler === handler && each.when === when);
    if (scenario === undefined) throw new Error(`No scenario ${handler}: ${when}`);
    const which: Case = fault === undefined ? { scenario } : { scenario, fault };
    const bundles = join(folder, bug.replace(/\W+/g, '-'));
    await cp(inject('bundles'), bundles, { recursive: true });
    await bundleWithBugs(bundles, handlers, patches);

    const sick = new Lane({ bundles, patienceMs: PATIENCE_MS });
    const healthy = new Lane();
    try {
      expect((await sick.run(which)).flaws).not.toEqual([]);
      // The case must be fine without the bug, or it would notice nothing.
      expect((await healthy.run(which)).flaws).toEqual([]);
    } finally {
      await Promise.all([sick.close(), healthy.close()]);
    }
    const at = fault === undefined ? '' : `, ${fault.call}: ${fault.kind}`;
    found('Planted bugs', bug, { 'caught by': `crash-matrix.test.ts, ${handler}: ${when}${at}` });
  });
});
