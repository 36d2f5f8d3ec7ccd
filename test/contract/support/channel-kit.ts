import type { DeliveryName } from '../../../lambdas/domain/channel.ts';
import type { Channel } from '../../../lambdas/domain/ports.ts';
import type { ProviderModel, Reply } from './provider-server.ts';

/** All that the contract suite must know of a channel to put it to the test. */
export interface ChannelKit {
  readonly name: Channel['name'];
  readonly deliveries: readonly [DeliveryName, ...DeliveryName[]];
  /** What no error may show. */
  secretsAt(url: string): readonly string[];
  /** The production channel, talking to the provider at `url`. */
  channel(url: string, timeoutMs: number): Channel;
  model(): ProviderModel;
  /** The provider's own 429. */
  rateLimited(retryAfter?: string): Reply;
  /** The provider's errors that no waiting mends. */
  readonly permanent: readonly NamedReply[];
  /** Those that pass, besides 408, 429 and 5xx. */
  readonly retryable: readonly NamedReply[];
  /** Whether a 2xx is a success whatever its body: nothing in it is needed. */
  readonly statusDecides: boolean;
}

export interface NamedReply {
  readonly name: string;
  readonly reply: Reply;
}
