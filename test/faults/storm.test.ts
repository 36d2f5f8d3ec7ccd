import { afterAll, beforeAll, expect, test } from 'vitest';
import { found, measured } from './support/findings.ts';
import { apiEvent } from './support/http-events.ts';
import { inLanes } from './support/lanes.ts';
import { passes } from './support/platform.ts';
import { QUOTA, StartExecutionStub } from './support/step-functions-stub.ts';
import { tableStream } from './support/table-stream.ts';
import { VirtualRelay } from './support/virtual-relay.ts';
import { World } from './support/world.ts';

const INCIDENTS = 10_000;
const MINUTE = 60;
/** Seconds of virtual time in a step; a relay's invocation takes one. */
const STEP = 0.1;
/** Requests made at the same time; more would only queue up at the engine. */
const AT_ONCE = 12;

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

test(
  `${INCIDENTS} incidents in a minute: all accepted, all started, none twice`,
  { timeout: 400_000 },
  async () => {
    const stub = new StartExecutionStub();
    world.proxy.awsInstead = (call, body) =>
      call === 'StepFunctions StartExecution' ? stub.answer(body) : undefined;
    const ingest = Array.from({ length: AT_ONCE }, () => world.warm('ingest-incident'));
    const mapping = world.stage.template.mappings().find(({ handler }) => handler === 'outbox-relay');
    if (mapping === undefined) throw new Error('The relay is mapped to nothing');
    const relays = Array.from({ length: 16 }, () => world.warm('outbox-relay'));
    const relay = new VirtualRelay(
      mapping.properties,
      (lane, Records) => relays[lane]?.({ Records }) ?? Promise.reject(new Error('No such lane')),
    );
    const stream = tableStream(world.call, world.stage.streamArn);

    const answers = new Map<number, number>();
    const post = async (index: number, lane: number): Promise<void> => {
      const answer = (await ingest[lane]?.(eventOf(index))) as { statusCode: number };
      answers.set(answer.statusCode, (answers.get(answer.statusCode) ?? 0) + 1);
    };
    const started = performance.now();
    let posted = 0;
    let allStarted = 0;
    let now = 0;
    for (; posted < INCIDENTS || relay.waiting > 0; now += STEP) {
      stub.advanceTo(now);
      const due = Math.min(INCIDENTS, Math.floor(((now + STEP) / MINUTE) * INCIDENTS));
      const batch = Array.from({ length: due - posted }, (_, offset) => posted + offset);
      posted = due;
      await Promise.all([inLanes(batch, AT_ONCE, post), relay.step()]);
      const records = await stream.read();
      relay.add(records.filter((record) => passes(record, mapping.properties)));
      if (allStarted === 0 && stub.started.size === INCIDENTS) allStarted = now;
    }

    // The fastest there can be: one call for each incident, and the relay's own call for each.
    const bound = (INCIDENTS - QUOTA.bucket) / QUOTA.perSecond;
    const boundOfBoth = (2 * INCIDENTS - QUOTA.bucket) / QUOTA.perSecond;
    measured(
      `storm: all started after ${allStarted.toFixed(0)} s (bound ${bound.toFixed(0)} s), stream drained after ` +
        `${now.toFixed(0)} s (bound ${boundOfBoth.toFixed(0)} s); ${stub.throttled} throttled, ${stub.repeated} ` +
        `repeated, ${relay.invocations} invocations of the relay; ${Math.round((performance.now() - started) / 1_000)} s real`,
    );
    expect(Object.fromEntries(answers)).toEqual({ 202: INCIDENTS });
    expect(stub.started.size).toBe(INCIDENTS);
    expect(stub.clashes).toEqual([]);
    expect(stub.throttled).toBeGreaterThan(0);
    expect(allStarted).toBeLessThan(2 * bound);
    found(
      'Storm',
      `${INCIDENTS} incidents in a minute, StartExecution at 150/s with a bucket of 800 (virtual time)`,
      {
        accepted: INCIDENTS,
        started: INCIDENTS,
        'started twice': 0,
        'all started within': `${(2 * bound).toFixed(0)} s (bound: ${bound.toFixed(0)} s)`,
      },
    );
  },
);

function eventOf(index: number): object {
  const headers = { authorization: `Bearer ${world.senderToken}`, 'content-type': 'application/json' };
  const id = `storm-${index}`;
  const body = JSON.stringify({ event_id: id, incident_id: id, severity: 'sev3', summary: 'Storm' });
  return apiEvent(['POST /events/incidents'], 'POST', '/events/incidents', headers, body).event;
}
