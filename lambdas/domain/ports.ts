import type { ChannelName, DeliveryName } from './channel.ts';
import type { ProviderReference } from './delivery.ts';
import type { Incident, IncidentFact } from './incident.ts';

/** What a channel is given to work with. */
export interface DeliveryContext {
  readonly incident: Incident;
  readonly delivery: DeliveryName;
}

/**
 * A way out to people. One folder under `channels/` implements it; every failure is a {@link DeliveryError}.
 * Each method makes its calls with a timeout and retries nothing: the queue does.
 */
export interface Channel {
  readonly name: ChannelName;
  /** Tells people of the incident as it is now. */
  readonly notify: (context: DeliveryContext) => Promise<ProviderReference>;
  /**
   * Looks for what an earlier attempt with unknown outcome may have sent. Only for providers that cannot be
   * given an idempotency key.
   */
  readonly find?: (context: DeliveryContext) => Promise<ProviderReference | undefined>;
  /** Makes what was sent show the incident as it is now; the same call twice changes nothing. */
  readonly update?: (context: DeliveryContext, reference: ProviderReference) => Promise<void>;
  /** Tells one later fact in the message's thread; `factIndex` identifies it in the incident's facts. */
  readonly tell?: (
    context: DeliveryContext,
    reference: ProviderReference,
    fact: IncidentFact,
    factIndex: number,
  ) => Promise<void>;
}
