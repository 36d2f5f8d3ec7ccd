import { PauseStore } from '../../../lambdas/aws/pause-store.ts';
import type { CommandContext } from '../command-context.ts';

/** The pauses that people made. */
export const pauseStore = async (ops: CommandContext): Promise<PauseStore> =>
  new PauseStore(ops.clients.dynamoDb, await ops.table());
