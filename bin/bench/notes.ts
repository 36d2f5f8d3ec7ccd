import type { Group } from './figure.ts';

interface Note {
  /** What is measured, against what. */
  readonly what: string;
  /** What was done to get there. */
  readonly done: string;
  /** Why a figure here may miss its target, and what was tried. */
  readonly miss: string;
}

const groups: Readonly<Record<Group, Note>> = {
  'Cold start: time': {
    what: 'CPU time that a fresh Node takes to import the bundle that is deployed, against a bare handler that makes the same SDK clients, does nothing else and is bundled the same way (same format, target and minification). One pair of processes after the other.',
    done: [
      'What was done, in the order of what it brought:',
      '',
      '- Bundles are CommonJS. Node loads undici for whoever imports `node:http` as ESM, because that has to fill in every export: a quarter of a bare cold start. Both sides have it, so the ratio does not show it.',
      '- `zod` went from 432 KB to 40: one module handed the whole namespace of `zod/mini` to the others, which nothing can shake. `lambdas/domain/zod.ts` hands on what is used, by name. A schema is made once, and only where it is used (`pure` in `lambdas/domain/schema.ts`): the Slack worker makes 97 where it made 191, the outbox relay 32 of 102.',
      '- Credential providers, event streams and other parts of the SDK that a Lambda never reaches are left out (ADR 0020): 140 KB. The floor has them, as anybody would.',
      '- The tracer lies beside the bundle, in a file that is read when the first sampled invocation comes, and costs what its own row says. The X-Ray SDK’s context is kept by `AsyncLocalStorage` instead of `cls-hooked`.',
    ].join('\n'),
    miss: 'The Slack worker is above its target for `@slack/web-api` (65 KB and 6 to 8 ms), which is asked for; loading it on first use would only move that from the start, where Lambda gives a whole core, to the first message, where it gives a third of one. What is left above the floor elsewhere is zod (2 to 5 ms: making the schemas, the first parse of the environment), Powertools’ Logger and Metrics (2 to 4 ms) and our own code; where one of those figures misses by a few hundredths, look at its middle half: it is as wide as that on a machine that does other things meanwhile. Tried without gain: importing zod without a namespace at all (4 KB less, no time), `jitless` (0.2 ms), names left as they are instead of `keepNames` (120 KB more, no faster). Left alone: `keepNames` costs 3 ms on both sides, and is what makes a stack trace readable.',
  },
  'Cold start: size': {
    what: 'Bytes that Lambda unpacks for the function, tracer included, against the same bare handler’s.',
    done: 'A test (`test/infra/budget-bundles.test.ts`) holds every function to its target, and names what must not come back into a bundle.',
    miss: 'See what the bundle carries: `bundleAll` in `bin/bench/functions.ts` gives the list of its sources.',
  },
  'Warm path': {
    what: 'CPU time per accepted incident of `ingest-incident`, against a bare handler that makes the same two AWS calls, by the same clients and with the same items, to the same local stand-in. Both in one process, 40 invocations each in turn, after 1,000 to warm up.',
    done: 'Exactly two AWS calls for an accepted incident, one for a duplicate, none for secrets (tests: `test/infra/budget-calls.test.ts`). Powertools warned on every invocation that there were no metrics to publish, and made a new `Metrics` with a console of its own for every value: neither happens any more (62 µs → 22 µs a value).',
    miss: 'What is left above the floor, by profile: zod 5 %, two EMF metrics 4 %, the log line 4 %, making the items and hashing the event 4 %, everything else about 1 % each. The bare handler validates nothing, logs nothing and counts nothing.',
  },
  'Time to first notification': {
    what: 'From the POST to the call of Slack’s API, on the local engine, against `bin/bench/prototype/` on the same engine: put, start, queue, worker, and none of the promises.',
    done: 'The worker reads the incident, claims the delivery and fetches the channel’s secret side by side, so that two round trips stand before the provider instead of four.',
    miss: 'What the prototype does not do: two more states (Parallel and Map) are entered, the incident is written in a transaction, and the delivery is claimed before Slack is called, so that nobody is told twice. On two cores a Sev1’s three other channels also compete with Slack for them.',
  },
  'Transitions and cost': {
    what: 'Counted from a real run on the local engine; transitions from the definition of the workflow, as AWS bills them. Milliseconds are those of the machine that ran it.',
    done: 'After a message is told or updated, the worker remembers what it shows and saves the conditional write that would have found nothing to do: 8 writes per acknowledged Sev1.',
    miss: 'See `statemachines/incident-escalation.asl.json`: every state is a transition, every delivery another one.',
  },
  Growth: {
    what: 'One acknowledged Sev1 beside many, against one beside few: how much AWS has to do for it. Counts, no clocks.',
    done: 'No function scans, and no query meets more than one incident’s items.',
    miss: 'Something reads more than its own incident: compare the calls, which `bin/bench/calls.ts` names.',
  },
};

export const NOTES = {
  groups,
  reading: [
    '**How to read it.** Machines are noisy, so each figure is a ratio against a floor that was measured in the same run, in alternating repetitions: `ratio` is the median of the ratios of the pairs, `middle half` their first and third quartile. `ours` and `floor` are medians, good for an idea only. A figure without a floor is a plain count.',
    '',
    'CI fails by count (calls, transitions, bytes: `test/unit/budget/`, `test/infra/budget-*`), never by a clock.',
  ].join('\n'),
  cost: 'List prices without free tiers, in one file (`bin/bench/prices.ts`). Not in it, as no incident causes it: what runs by the clock (auditor, breaker keeper, the pollers of the queues), storage, alarms, dashboards, traces ($5 per million sampled ones), and the workflow’s own log.',
  repeating:
    '`npm run bench` takes about ten minutes, prints the table and writes this page. It needs what `npm start` needs, and no other load on the machine if the spread is to be narrow.',
} as const;
