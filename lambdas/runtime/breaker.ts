import type { BreakerStore } from '../aws/breaker-store.ts';
import { opened, trips, type BreakerPolicy } from '../domain/breaker.ts';
import { DeliveryError } from '../domain/delivery.ts';
import type { Incident } from '../domain/incident.ts';
import type { Channel, DeliveryContext } from '../domain/ports.ts';
import type { JobOutcome } from './delivery-dependencies.ts';
import { logger, measure } from './telemetry.ts';

/**
 * Put off for at least this long: until the mapping is off, a minute for the keeper's schedule and one for Lambda to
 * follow, a message is received at most eight times for nothing.
 */
const MIN_PUT_OFF_SECONDS = 15;

export interface CircuitBreakerDependencies {
  readonly store: BreakerStore;
  readonly policy: BreakerPolicy;
  readonly now: () => Date;
}

/**
 * The worker's side of a circuit breaker: it counts the calls and opens the breaker; while that is not closed it makes
 * none. All the rest is the keeper's.
 */
export class CircuitBreaker {
  readonly #deps: CircuitBreakerDependencies;
  #version = 0;

  constructor(deps: CircuitBreakerDependencies) {
    this.#deps = deps;
  }

  /** Puts a delivery off while the breaker is not closed. */
  readonly gate = async (incident: Incident): Promise<JobOutcome | undefined> => {
    const { store, now } = this.#deps;
    const { status, version, until = '', outage } = await store.get();
    this.#version = version;
    if (status === 'closed') return undefined;
    if (outage !== undefined && incident.received_at < outage.waiting_since)
      await store.waitsSince(incident.received_at);
    const left = Math.ceil((Date.parse(until) - now().getTime()) / 1_000);
    const why = `The provider is paused since ${outage?.opened_at ?? ''} (${status})`;
    return { done: false, why, comeBackInSeconds: Math.max(MIN_PUT_OFF_SECONDS, left) };
  };

  /** The channel, with the outcome of each of its calls counted. */
  watch(channel: Channel): Channel {
    const notify: Channel['notify'] = async (context) => {
      try {
        const reference = await channel.notify(context);
        await this.#count(context);
        return reference;
      } catch (error) {
        await this.#count(context, error);
        throw error;
      }
    };
    return { ...channel, notify };
  }

  /** Never throws: a success that threw would be sent twice, and a call not counted is soon made up for. */
  async #count(context: DeliveryContext, error?: unknown): Promise<void> {
    try {
      const { store, policy, now } = this.#deps;
      const failed = error !== undefined && saysDown(error);
      await store.count(this.#version, failed, policy, now());
      if (failed) await this.#openIfDown(context, error);
    } catch (reason) {
      logger.warn('A call was not counted by the circuit breaker', { error: reason });
    }
  }

  async #openIfDown({ incident, delivery }: DeliveryContext, error: unknown): Promise<void> {
    const { store, policy, now } = this.#deps;
    const counts = await store.counts(this.#version, policy, now());
    if (!trips(counts, policy)) return;
    const before = await store.get();
    if (before.status !== 'closed' || before.version !== this.#version) return;
    const { correlation_id, received_at } = incident;
    const at = now();
    const why = error instanceof Error ? error.message : String(error);
    const outage = {
      ...{ opened_at: at.toISOString(), why, ...counts },
      ...{ probe: { correlation_id, delivery }, waiting_since: received_at },
    };
    if (!(await store.replace(opened(before, outage, policy, at)))) return;
    measure('breakerOpened', 1);
    logger.error('Circuit breaker opened', { correlation_id, delivery, why, ...counts });
  }
}

/**
 * A failure that may pass (no answer, 5xx, 429) says that the provider is in trouble. One for good does not: it answered,
 * and refuses this payload or address, which no pause would change.
 */
export const saysDown = (error: unknown): boolean =>
  !(error instanceof DeliveryError) || error.kind === 'retryable';
