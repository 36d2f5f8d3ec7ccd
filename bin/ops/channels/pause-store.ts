import { PauseStore } from '../../../lambdas/aws/pause-store.ts';
import type { Ops } from '../ops.ts';

/** The pauses that people made. */
export const pauseStore = async (ops: Ops): Promise<PauseStore> =>
  new PauseStore(ops.clients.dynamoDb, await ops.table());
