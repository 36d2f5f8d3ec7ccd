import type { ChannelMappings } from '../aws/breaker-mappings.ts';
import type { BreakerStore } from '../aws/breaker-store.ts';
import type { Operators } from '../aws/operators.ts';
import type { PauseStore } from '../aws/pause-store.ts';
import {
  closed,
  halfOpened,
  probeIsDue,
  reopened,
  toldOf,
  untold,
  type Breaker,
  type BreakerPolicy,
} from '../domain/breaker.ts';
import { closedNotice, openedNotice } from './breaker-notices.ts';
import { providerAnswers } from './breaker-probe.ts';
import type { DeliveryDependencies } from './delivery-dependencies.ts';
import { logger, measure } from './telemetry.ts';

export interface BreakerKeeperDependencies {
  readonly store: BreakerStore;
  readonly policy: BreakerPolicy;
  readonly pauses: PauseStore;
  readonly mappings: ChannelMappings;
  readonly operators: Operators;
  /** How many messages lie in the channel's queues. */
  readonly waiting: () => Promise<number>;
  /** For the probe, with the bare channel: the keeper counts no calls. */
  readonly delivery: DeliveryDependencies;
  readonly now: () => Date;
}

/**
 * Brings everything in line with the breaker, from wherever the last run came to:
 *
 * 1. the open time is over: one probe, which closes the breaker or opens it for longer;
 * 2. the mappings are enabled exactly while the breaker is closed and nobody paused the channel;
 * 3. the operators are told of an outage once, and of its end once (twice, should this die between the two).
 */
export async function keepBreaker(deps: BreakerKeeperDependencies): Promise<Breaker> {
  const pause = await deps.pauses.get('zapier');
  let breaker = await deps.store.get();
  // A pause by hand means no calls at all.
  if (pause === undefined && probeIsDue(breaker, deps.now())) breaker = await probe(breaker, deps);
  const enabled = breaker.status === 'closed' && pause === undefined;
  const switched = await deps.mappings.align(enabled);
  if (switched > 0) logger.info('Mappings switched', { enabled, switched, status: breaker.status, pause });
  await tell(breaker, deps);
  measure('breakerOpen', breaker.status === 'closed' ? 0 : 1);
  return breaker;
}

async function probe(due: Breaker, deps: BreakerKeeperDependencies): Promise<Breaker> {
  const { store, policy, now } = deps;
  const mine = halfOpened(due, now());
  const { outage } = mine;
  if (outage === undefined || !(await store.replace(mine))) return store.get();
  const answers = await providerAnswers(outage.probe, mine.version, deps.delivery);
  // Who waited is only told by one who put off or failed meanwhile: read it again.
  const latest = (await store.get()).outage ?? outage;
  const after = answers
    ? closed(mine, latest, await deps.waiting(), now())
    : reopened(mine, latest, policy, now());
  logger.info('Probe made', { answers, status: after.status, until: after.until, ...outage.probe });
  return (await store.replace(after)) ? after : store.get();
}

async function tell(breaker: Breaker, { store, operators }: BreakerKeeperDependencies): Promise<void> {
  const news = untold(breaker);
  const { outage } = breaker;
  if (news === undefined || outage === undefined) return;
  await operators.tell(news === 'opened' ? openedNotice(outage) : closedNotice(breaker, outage));
  await store.replace(toldOf(breaker, news));
}
