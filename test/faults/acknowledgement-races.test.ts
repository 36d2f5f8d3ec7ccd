import fc from 'fast-check';
import { setImmediate as tick } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Aws, awsOf } from './support/aws.ts';
import { found } from './support/findings.ts';
import { Race, type Turn } from './support/race.ts';
import { brokenPromises, foretold } from './support/race-model.ts';
import { makeStage } from './support/stage.ts';

const SCHEDULES = 200;
const REAL_RACES = 40;

let aws: Aws;
let table: string;
beforeAll(async () => {
  const engine = inject('engine');
  aws = awsOf(engine);
  const options = { aws, engine, templateFile: inject('templateFile'), queueOrigin: engine.endpoint };
  ({ table } = await makeStage({ ...options, name: `races${process.pid}`, secrets: {} }));
});
afterAll(() => {
  aws.destroy();
});

/** Lets the schedule decide whose call is next, and each call end before the next one begins. */
function inTurns(scheduler: fc.Scheduler): { turn: Turn; act: fc.SchedulerAct } {
  let running: Promise<unknown> = Promise.resolve();
  const turn: Turn = async (who, call) => {
    await scheduler.schedule(Promise.resolve(), who);
    const result = call();
    running = result.catch(() => undefined);
    return result;
  };
  const act: fc.SchedulerAct = async (release) => {
    await release();
    await tick();
    await running;
    await tick();
  };
  return { turn, act };
}

/** Turns somebody lets pass before doing anything; a page takes about eight from the end of the window. */
const hesitation = fc.nat({ max: 14 });

/** Who takes part, and when. Park, timeout, page and a late acknowledgement are in every schedule. */
const actors = fc.record({
  acknowledgers: fc.array(fc.record({ by: fc.constantFrom('Ada', 'Grace', 'Edsger'), after: hesitation }), {
    minLength: 2,
    maxLength: 4,
  }),
  resolves: fc.option(hesitation),
});

describe('who acknowledges, pages and resolves at once', () => {
  test(`${SCHEDULES} schedules: the first write decides, and nobody is paged who was told "yours"`, async () => {
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), actors, async (scheduler, { acknowledgers, resolves }) => {
        const { turn, act } = inTurns(scheduler);
        const race = new Race(aws.dynamoDb, table, turn);
        await race.raise();
        const hesitate = async (who: string, turns: number) => {
          for (let i = 0; i < turns; i += 1) await turn(`${who} hesitates`, () => Promise.resolve());
        };
        const all = [
          race.awaitAndPage().then(() => race.acknowledge('Late')),
          ...acknowledgers.map(({ by, after }) => hesitate(by, after).then(() => race.acknowledge(by))),
          ...(resolves === null ? [] : [hesitate('resolve', resolves).then(() => race.resolve())]),
        ];
        await scheduler.waitFor(Promise.all(all), act);
        const incident = await race.incident();
        if (incident === undefined) throw new Error('The incident is gone');
        expect(brokenPromises(race, incident)).toEqual([]);
        expect(race.answers.map(({ by, outcome }) => `${by}: ${outcome}`).sort()).toEqual(foretold(race));
        for (const { outcome } of race.answers) outcomes.add(outcome);
      }),
      { numRuns: SCHEDULES },
    );
    // Schedules that never meet one of these would prove little.
    expect([...outcomes].sort()).toEqual(['already', 'resolved', 'yours', 'yours_page_out']);
    found('Races', 'park, acknowledgements, timeout, page, late acknowledgement, resolve, in turns', {
      tried: `${SCHEDULES} random schedules`,
      held: 'answers as the model foretold',
    });
  });

  test(`${REAL_RACES} times, all of them really at once`, async () => {
    for (let round = 0; round < REAL_RACES; round += 1) {
      const race = new Race(aws.dynamoDb, table, (_who, call) => call());
      await race.raise();
      await Promise.all([
        race.awaitAndPage(),
        race.work('second page', { kind: 'notify', delivery: 'pagerduty', error: 'States.Timeout' }),
        ...['Ada', 'Grace', 'Ada', 'Edsger', 'Barbara', 'Grace'].map((by) => race.acknowledge(by)),
        ...(round % 2 === 0 ? [race.resolve()] : []),
      ]);
      const incident = await race.incident();
      expect(incident && brokenPromises(race, incident)).toEqual([]);
    }
    found('Races', 'the same, really at once', {
      tried: `${REAL_RACES} rounds of 9 callers`,
      held: 'one holder, at most one page, none after "yours"',
    });
  });
});
