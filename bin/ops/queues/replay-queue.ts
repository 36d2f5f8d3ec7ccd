import type { CommandContext } from '../command-context.ts';
import { depthOf, type QueueState } from './inventory.ts';
import { moveByHand } from './move-by-hand.ts';
import { nativeMove } from './native-move.ts';

export interface QueueReplay {
  readonly queue: string;
  readonly moved: number;
  readonly by: 'SQS' | 'one by one';
}

/**
 * Sends the messages of one dead-letter queue back, telling how far it is.
 *
 * @param wanted only those of these incidents; undefined for all, which SQS can move by itself
 */
export async function replayQueue(
  ops: CommandContext,
  queue: QueueState,
  to: string,
  wanted: ((correlationId: string | undefined) => boolean) | undefined,
): Promise<QueueReplay> {
  const { name } = queue;
  const total = depthOf(queue);
  if (wanted === undefined) {
    let told = -1;
    const moved = await nativeMove(ops, queue, (done, of) => {
      if (done !== told) ops.note(`${name}: ${done} of ${Math.max(of, done)} moved by SQS`);
      told = done;
    });
    if (moved !== undefined) return { queue: name, moved, by: 'SQS' };
  }
  let done = 0;
  const moved = await moveByHand(ops.clients.sqs, {
    from: queue.url,
    to,
    wanted: ({ job }) => wanted === undefined || wanted(job?.correlation_id),
    moved: () => {
      done += 1;
      // A line a message up to ten, then every tenth.
      if (done <= 10 || done % 10 === 0) ops.note(`${name}: ${done} of ${total} sent again`);
    },
  });
  return { queue: name, moved, by: 'one by one' };
}
