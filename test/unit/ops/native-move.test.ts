import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../../bin/ops/command-context.ts';
import type { QueueState } from '../../../bin/ops/queues/inventory.ts';
import { nativeMove } from '../../../bin/ops/queues/native-move.ts';

const queue = { arn: 'arn:aws:sqs:eu-central-1:0:q-dlq', name: 'q-dlq' } as QueueState;
const named = (name: string, message = name) => Object.assign(new Error(message), { name });

/** SQS whose answer to the start, and to each look at the task, is given. */
function opsWith(start: Error | object, tasks: object[]): CommandContext {
  const send = (command: { constructor: { name: string } }) => {
    if (command.constructor.name === 'StartMessageMoveTaskCommand') {
      return start instanceof Error ? Promise.reject(start) : Promise.resolve(start);
    }
    return Promise.resolve({ Results: [tasks.length > 1 ? tasks.shift() : tasks[0]] });
  };
  return { clients: { sqs: { send } } } as unknown as CommandContext;
}

const COMPLETED = {
  Status: 'COMPLETED',
  ApproximateNumberOfMessagesMoved: 3,
  ApproximateNumberOfMessagesToMove: 3,
};

describe("SQS's own move", () => {
  it('is followed to its end', async () => {
    const seen: string[] = [];
    const running = { ...COMPLETED, Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 1 };
    const moved = await nativeMove(opsWith({}, [running, COMPLETED]), queue, (done, of) =>
      seen.push(`${done}/${of}`),
    );
    expect({ moved, seen }).toEqual({ moved: 3, seen: ['1/3', '3/3'] });
  });

  it('is not there on the local engine', async () => {
    expect(await nativeMove(opsWith(named('InvalidAction'), []), queue, () => undefined)).toBeUndefined();
  });

  it('is joined when the console started it', async () => {
    const busy = named(
      'UnsupportedOperation',
      'There is already a task running. Only one active task is allowed',
    );
    expect(await nativeMove(opsWith(busy, [COMPLETED]), queue, () => undefined)).toBe(3);
  });

  it('that failed says why and what is left', async () => {
    const failed = {
      ...COMPLETED,
      Status: 'FAILED',
      FailureReason: 'AccessDenied',
      ApproximateNumberOfMessagesMoved: 1,
    };
    await expect(nativeMove(opsWith({}, [failed]), queue, () => undefined)).rejects.toThrow(
      'SQS ended the move of q-dlq (FAILED): AccessDenied. 1 were moved.',
    );
  });

  it('that may not be started is an error', async () => {
    const denied = opsWith(named('AccessDeniedException', 'not allowed'), []);
    await expect(nativeMove(denied, queue, () => undefined)).rejects.toThrow('not allowed');
  });
});
