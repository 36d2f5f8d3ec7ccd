import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clock } from './support/clock.ts';
import { casesOf, Lane, laneKind } from './support/crash-matrix.ts';
import { found, measured } from './support/findings.ts';
import { inLanes } from './support/lanes.ts';
import { type Scenario, SCENARIOS } from './support/scenarios.ts';

/** Handlers on a schedule, whose faults are tried elsewhere. */
const ELSEWHERE = ['auditor', 'breaker-keeper', 'heartbeat'];

const lanes = (count: number) => Array.from({ length: count }, () => new Lane());
/** Where the workflow's window has to end, lanes mostly wait: there may be more of them. */
const LANES = { usual: lanes(6), shortWindow: lanes(10), fewReceives: lanes(6) };
/** The calls that each scenario's run makes when nothing goes wrong. */
const calls = new Map<Scenario, readonly string[]>();

beforeAll(() => {
  clock.install();
});
afterAll(async () => {
  await Promise.all(Object.values(LANES).flatMap((all) => all.map((lane) => lane.close())));
  clock.uninstall();
});

async function dryRun(scenario: Scenario): Promise<readonly string[]> {
  const known = calls.get(scenario);
  if (known !== undefined) return known;
  const outcome = await LANES[laneKind(scenario)][0]?.run({ scenario });
  expect(outcome?.flaws, `${scenario.handler}: ${scenario.when}`).toEqual([]);
  const made = outcome?.calls ?? [];
  calls.set(scenario, made);
  return made;
}

const handlers = [...new Set(SCENARIOS.map(({ handler }) => handler))];

test('every handler has its scenarios', () => {
  const all = readdirSync(new URL('../../lambdas/handlers/', import.meta.url))
    .filter((file) => !file.endsWith('.env.ts'))
    .map((file) => file.replace(/\.ts$/, ''));
  expect(all.filter((handler) => !ELSEWHERE.includes(handler)).sort()).toEqual([...handlers].sort());
});

test.each(SCENARIOS)('nothing goes wrong: $handler, $when', async (scenario) => {
  expect(await dryRun(scenario)).not.toEqual([]);
});

describe('whatever happens at any one call, in the end all is well', () => {
  test.each(handlers)('%s', { timeout: 600_000 }, async (handler) => {
    const started = performance.now();
    const flaws: Record<string, readonly string[]> = {};
    let size = 0;
    for (const scenario of SCENARIOS.filter((each) => each.handler === handler)) {
      const all = LANES[laneKind(scenario)];
      const made = await dryRun(scenario);
      const cases = casesOf(scenario, made);
      size += cases.length;
      await inLanes(cases, all.length, async (each, lane) => {
        const outcome = await all[lane]?.run(each);
        if (outcome === undefined || outcome.flaws.length === 0) return;
        const name = `${scenario.when}: ${each.fault?.kind ?? ''}: ${each.fault?.call ?? ''}`;
        flaws[name] = outcome.flaws;
        measured(`crash matrix, ${handler}, ${name}:\n  ${outcome.flaws.join('\n  ')}`);
      });
      found('Crash matrix', `${handler}: ${scenario.when}`, {
        'calls made': made.length,
        'cases tried': cases.length,
      });
    }
    measured(`crash matrix, ${handler}: ${size} cases in ${Math.round(performance.now() - started)} ms`);
    expect(flaws).toEqual({});
  });
});
