import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { readIncidentRecord } from '../../lambdas/aws/timeline.ts';
import type { LocalStack } from '../local/stack.ts';
import { waitFor } from '../local/wait.ts';
import type { Work } from './calls.ts';
import type { CountedStack } from './counted-stack.ts';
import { incidentEvent } from './events.ts';
import { type FunctionTime, functionTimes } from './function-logs.ts';

/** What one incident took, from its acceptance until its last message is up to date. */
export interface IncidentRun {
  readonly correlationId: string;
  readonly work: Work;
  readonly functions: readonly FunctionTime[];
}

/** A Sev1 that is acknowledged in Slack once all channels have it. */
export async function acknowledged(
  counted: CountedStack,
  before: (correlationId: string) => Promise<void> = () => Promise.resolve(),
): Promise<IncidentRun> {
  return run(counted, async (id) => {
    await until(counted, id, (steps) => deliveries(steps) === 4);
    await before(id);
    await click(counted.stack, id);
    await until(counted, id, (steps) => steps.includes('acknowledged'));
  });
}

/** A Sev1 that nobody acknowledges: paged when its window is over. */
export const escalated = (counted: CountedStack): Promise<IncidentRun> =>
  run(counted, (id) => until(counted, id, (steps) => steps.includes('paged') && deliveries(steps) === 5));

const deliveries = (steps: readonly string[]): number =>
  steps.filter((step) => step.startsWith('deliver ')).length;

async function run(counted: CountedStack, story: (id: string) => Promise<void>): Promise<IncidentRun> {
  const { stack, proxy } = counted;
  await settled(counted);
  proxy.clear();
  const from = Date.now();
  const eventId = randomUUID();
  const correlationId = await raise(stack, eventId);
  await story(correlationId);
  await settled(counted);
  const functions = await functionTimes(stack, from);
  return { correlationId, work: await counted.work(correlationId, eventId), functions };
}

/** Nobody has called AWS for a while: updates of messages are made by then. */
async function settled({ proxy }: CountedStack): Promise<void> {
  const QUIET_MS = 3_000;
  for (let seen = -1; seen !== proxy.calls.length;) {
    seen = proxy.calls.length;
    await delay(QUIET_MS);
  }
}

async function raise(stack: LocalStack, id: string): Promise<string> {
  const response = await call(stack, '/events/incidents', incidentEvent(id));
  return ((await response.json()) as { correlation_id: string }).correlation_id;
}

async function click(stack: LocalStack, id: string): Promise<void> {
  await call(stack, '/sim/slack/click', { correlation_id: id, user: 'U0BENCH' });
}

async function call(stack: LocalStack, path: string, body: object): Promise<Response> {
  const response = await fetch(`${stack.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.apiToken}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** Looks at the table itself: asking the API would be counted as well. */
async function until(
  { stack, dynamoDb }: CountedStack,
  id: string,
  done: (steps: readonly string[]) => boolean,
): Promise<void> {
  const look = async () => {
    const record = await readIncidentRecord(dynamoDb, stack.outputs.TableName, id);
    return done(record?.timeline.map(({ step }) => step) ?? []) ? true : undefined;
  };
  if ((await waitFor(look, { within: 90_000, every: 250 })) === undefined) {
    throw new Error(`Incident ${id} did not get as far as it should`);
  }
}
