import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { apiEvent, incidentEvent } from './events.ts';
import { alternate } from './statistics.ts';

/**
 * Invokes the handlers of two bundles in turn, and tells its parent how many milliseconds of CPU an invocation of
 * each took, pair by pair. One process for both: two are never equally lucky with the machine.
 *
 * Arguments: the floor's bundle, ours, the pairs to count.
 */
const [, , floor = '', ours = '', repetitions = '1'] = process.argv;
/** Invocations before it counts: V8 has compiled by then what is hot. */
const WARM_UP = 1_000;
/** Invocations of one handler before it is the other's turn. */
const TURN = 40;

type Handler = (event: unknown, context: unknown) => Promise<{ readonly statusCode: number }>;
const handlerOf = (file: string) => (createRequire(import.meta.url)(file) as { handler: Handler }).handler;
const context = { functionName: 'bench', memoryLimitInMB: '1024', awsRequestId: 'bench' };

async function cpuMs(handler: Handler, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < times; index += 1) {
    const { statusCode } = await handler(apiEvent(incidentEvent(randomUUID())), context);
    if (statusCode !== 202) throw new Error(`Answered ${statusCode}`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}

const handlers = { floor: handlerOf(floor), ours: handlerOf(ours) };
await cpuMs(handlers.floor, WARM_UP);
await cpuMs(handlers.ours, WARM_UP);
const pairs = await alternate(
  Number(repetitions),
  () => cpuMs(handlers.floor, TURN),
  () => cpuMs(handlers.ours, TURN),
);
process.send?.(pairs);
process.disconnect();
