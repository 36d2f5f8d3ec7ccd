import type { StoredDelivery } from '../aws/items.ts';
import type { DeliveryJob } from '../domain/delivery.ts';
import type { Incident } from '../domain/incident.ts';
import {
  DONE,
  onItsWayToDeadLetters,
  type Carrier,
  type DeliveryDependencies,
  type JobOutcome,
} from './delivery-dependencies.ts';
import { updateFailed } from './delivery-failure.ts';
import { tracedStep } from './telemetry.ts';

/** An incident has a handful of facts; one that still changes after so many rounds is left to the next job. */
const MAX_ROUNDS = 5;

/**
 * Makes what people see show every fact, and tells each new one in the thread. A change that comes meanwhile is
 * seen by the next round, so that messages and changes may cross.
 *
 * @param shown how many facts people see already, for sure
 */
export async function bringUpToDate(
  job: DeliveryJob,
  carrier: Carrier,
  deps: DeliveryDependencies,
  shown = 0,
): Promise<JobOutcome> {
  const id = { correlationId: job.correlation_id, name: job.delivery };
  let seen = shown;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const incident = await deps.incidents.get(job.correlation_id);
    if (incident === undefined)
      return onItsWayToDeadLetters(`No incident ${job.correlation_id} in the table`);
    if (incident.facts.length <= seen) return DONE;
    const claim = await deps.deliveries.claimUpdate(id, incident.facts.length, deps.now());
    if (claim === 'up_to_date') return DONE;
    if (claim === 'leased') {
      // A provider call takes a second; the holder may also see what this job is about.
      return { done: false, why: 'Another worker updates this message', comeBackInSeconds: 3 };
    }
    try {
      await showFacts(job, incident, claim, deps);
    } catch (error) {
      return updateFailed(job, carrier, error, deps);
    }
    seen = incident.facts.length;
    await deps.deliveries.shown(id, seen);
  }
  return { done: false, why: 'The incident keeps changing', comeBackInSeconds: 1 };
}

async function showFacts(
  job: DeliveryJob,
  incident: Incident,
  { reference = {}, facts_shown }: StoredDelivery,
  deps: DeliveryDependencies,
): Promise<void> {
  const context = { incident, delivery: job.delivery };
  await tracedStep(`update ${job.delivery}`, job.correlation_id, async () => {
    const channel = await deps.channel();
    await channel.update?.(context, reference);
    for (const [index, fact] of incident.facts.entries()) {
      if (index >= facts_shown) await channel.tell?.(context, reference, fact, index);
    }
  });
}
