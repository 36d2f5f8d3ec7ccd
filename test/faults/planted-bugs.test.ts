import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { bundleWithBugs } from './support/bundles.ts';
import { clock } from './support/clock.ts';
import { type Case, Lane, laneKind } from './support/crash-matrix.ts';
import { found } from './support/findings.ts';
import { PLANTED_BUGS } from './support/planted-bugs.ts';
import { SCENARIOS } from './support/scenarios.ts';

/** What a bug keeps from happening is waited for in vain. */
const PATIENCE_MS = 3_000;

/** Lanes without a bug. */
const healthy = { usual: new Lane(), shortWindow: new Lane(), fewReceives: new Lane() };
let folder: string;
beforeAll(async () => {
  clock.install();
  folder = await mkdtemp(join(tmpdir(), 'incident-bugs-'));
});
afterAll(async () => {
  await Promise.all(Object.values(healthy).map((lane) => lane.close()));
  clock.uninstall();
  await rm(folder, { recursive: true, force: true });
});

describe('a bug that is planted is noticed', () => {
  test.each(PLANTED_BUGS)('$bug', async ({ bug, handlers, patches, caughtBy }) => {
    const { handler, when, fault } = caughtBy;
    const scenario = SCENARIOS.find((each) => each.handler === handler && each.when === when);
    if (scenario === undefined) throw new Error(`No scenario ${handler}: ${when}`);
    const which: Case = fault === undefined ? { scenario } : { scenario, fault };
    const bundles = join(folder, bug.replace(/\W+/g, '-'));
    await cp(inject('bundles'), bundles, { recursive: true });
    await bundleWithBugs(bundles, handlers, patches);

    const sick = new Lane({ bundles, patienceMs: PATIENCE_MS });
    try {
      expect((await sick.run(which)).flaws).not.toEqual([]);
    } finally {
      await sick.close();
    }
    // The case must be fine without the bug, or it would notice nothing.
    expect((await healthy[laneKind(scenario)].run(which)).flaws).toEqual([]);
    const at = fault === undefined ? '' : `, ${fault.call}: ${fault.kind}`;
    found('Planted bugs', bug, { 'caught by': `crash-matrix.test.ts, ${handler}: ${when}${at}` });
  });
});
