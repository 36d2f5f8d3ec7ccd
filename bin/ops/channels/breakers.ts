import { BreakerStore } from '../../../lambdas/aws/breaker-store.ts';
import type { Breaker } from '../../../lambdas/domain/breaker.ts';
import type { ChannelName } from '../../../lambdas/domain/channel.ts';
import type { CommandContext } from '../command-context.ts';

/** The channels that have a circuit breaker. */
export const WITH_BREAKER = ['zapier'] as const satisfies readonly ChannelName[];

/** The channel's circuit breaker; undefined when it has none. */
export async function breakerOf(ops: CommandContext, channel: ChannelName): Promise<Breaker | undefined> {
  if (!WITH_BREAKER.some((name) => name === channel)) return undefined;
  return new BreakerStore(ops.clients.dynamoDb, await ops.table(), channel).get();
}
