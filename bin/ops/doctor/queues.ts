import { setTimeout as delay } from 'node:timers/promises';
import type { Urgency } from '../../../lambdas/domain/severity.ts';
import { count, duration } from '../cli/text.ts';
import type { CommandContext } from '../command-context.ts';
import { depthOf, type QueueState, readQueues } from '../queues/inventory.ts';
import { peek } from '../queues/peek.ts';
import { explained } from '../queues/reasons.ts';
import { type Finding, inArea } from './finding.ts';

const { ok, wrong } = inArea('queues');

/** As the alarm `messages-wait-too-long` has them. */
export const OLDEST_MESSAGE_SECONDS: Readonly<Record<Urgency, number>> = { urgent: 120, standard: 900 };
/** Where no age is known, a queue is looked at twice: its worker takes messages several times a second. */
const LOOK_AGAIN_MS = 3_000;

/** Whether the queues drain and their dead-letter queues are empty. */
export async function checkQueues(ops: CommandContext): Promise<Finding[]> {
  const queues = await readQueues(ops);
  const dead = queues.filter((queue) => queue.kind === 'dead-letters' && depthOf(queue) > 0);
  const findings = [
    ...(await stuck(ops, queues)),
    ...(await Promise.all(dead.map((queue) => deadLetters(ops, queue)))),
  ];
  return findings.length > 0 ? findings : [ok(`${queues.length} queues drain, no dead letters`)];
}

async function stuck(ops: CommandContext, queues: readonly QueueState[]): Promise<Finding[]> {
  const waiting = queues.filter(({ kind, visible }) => kind === 'queue' && visible > 0);
  const ageless = waiting.filter(({ oldest_age_seconds: age }) => age === undefined);
  let later: readonly QueueState[] = [];
  if (ageless.length > 0) {
    await delay(LOOK_AGAIN_MS);
    later = await readQueues(ops);
  }
  return waiting.flatMap((queue) => {
    const { name, visible, urgency, oldest_age_seconds: age } = queue;
    const mend = 'npm run ops -- breaker';
    if (age !== undefined) {
      const limit = OLDEST_MESSAGE_SECONDS[urgency ?? 'standard'];
      return age > limit
        ? [wrong(`${name}: ${count(visible, 'message')}, the oldest for ${duration(age * 1_000)}`, mend)]
        : [];
    }
    const still = later.find((each) => each.name === name)?.visible ?? 0;
    return still >= visible ? [wrong(`${name}: ${count(still, 'message')}, and none is taken`, mend)] : [];
  });
}

async function deadLetters(ops: CommandContext, queue: QueueState): Promise<Finding> {
  const letters = await explained(ops, await peek(ops, queue));
  const reasons = [...new Set(letters.map(({ reason }) => reason))];
  const shown =
    reasons.length > 2 ? [...reasons.slice(0, 2), `${reasons.length - 2} other reasons`] : reasons;
  const found = `${queue.name}: ${count(depthOf(queue), 'dead letter')} (${shown.join('; ')})`;
  return wrong(
    found,
    queue.urgency === undefined ? 'npm run ops -- dlq' : `npm run ops -- replay ${queue.owner}`,
  );
}
