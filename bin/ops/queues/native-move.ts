import { setTimeout as delay } from 'node:timers/promises';
import {
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { isNamed, messageOf, OpsError } from '../cli/errors.ts';
import type { CommandContext } from '../command-context.ts';
import type { QueueState } from './inventory.ts';

/** How often SQS is asked how far it is; its counts change about once a second. */
const POLL_MS = 1_000;
/** SQS moves a few hundred messages a second; whoever waits longer than this can look at the console. */
const PATIENCE_MS = 15 * 60_000;

/** How many messages SQS moved back to the queue they came from; undefined where it has no such operation. */
export async function nativeMove(
  ops: CommandContext,
  { arn, name }: QueueState,
  progress: (moved: number, of: number) => void,
): Promise<number | undefined> {
  try {
    await ops.clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
  } catch (error) {
    // Joined when one is already running, started in the console for one: it does what we want.
    const running = /already/i.test(messageOf(error));
    if (!running && isNamed(error, 'InvalidAction', 'UnsupportedOperation', 'UnknownOperationException'))
      return undefined;
    if (!running) throw error;
  }
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const task = await latestTask(ops, arn);
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    progress(moved, task?.ApproximateNumberOfMessagesToMove ?? moved);
    if (task?.Status === 'COMPLETED') return moved;
    if (task?.Status === 'FAILED' || task?.Status === 'CANCELLED') {
      throw new OpsError(
        `SQS ended the move of ${name} (${task.Status}): ${task.FailureReason ?? 'no reason given'}. ${moved} were moved.`,
        'Run it again; what was not moved is still in the dead-letter queue',
      );
    }
    if (Date.now() > deadline) {
      throw new OpsError(
        `SQS is still moving ${name} (${moved} so far); it goes on by itself.`,
        'npm run ops -- dlq',
      );
    }
    await delay(POLL_MS);
  }
}

async function latestTask(
  ops: CommandContext,
  arn: string,
): Promise<ListMessageMoveTasksResultEntry | undefined> {
  const command = new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 });
  return (await ops.clients.sqs.send(command)).Results?.[0];
}
