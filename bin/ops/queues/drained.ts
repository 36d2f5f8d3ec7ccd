import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelName } from '../../../lambdas/domain/channel.ts';
import type { CommandContext } from '../command-context.ts';
import { depthOf, type QueueState, readQueues } from './inventory.ts';

/** Waits until a channel's queues are empty, or the time is over; returns its queues as they are then. */
export async function drained(
  ops: CommandContext,
  channel: ChannelName,
  patienceMs: number,
): Promise<QueueState[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const queues = (await readQueues(ops)).filter(({ owner }) => owner === channel);
    const waiting = queues.filter((queue) => queue.kind === 'queue' && depthOf(queue) > 0);
    if (waiting.length === 0 || Date.now() > deadline) return queues;
    await delay(500);
  }
}
