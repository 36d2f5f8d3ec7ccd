import type { StoredDelivery } from '../aws/items.ts';
import type { DeliveryJob, ProviderReference } from '../domain/delivery.ts';
import type { Incident } from '../domain/incident.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import {
  onItsWayToDeadLetters,
  type Carrier,
  type DeliveryDependencies,
  type JobOutcome,
} from './delivery-dependencies.ts';
import { attemptFailed, tellGivenUp } from './delivery-failure.ts';
import { measure, tracedStep } from './telemetry.ts';

/**
 * Does one job of a channel's queue.
 *
 * @throws whatever AWS throws when it cannot be reached; the message then comes back by itself
 */
export async function deliver(
  job: DeliveryJob,
  carrier: Carrier,
  deps: DeliveryDependencies,
): Promise<JobOutcome> {
  return job.kind === 'notify' ? notify(job, carrier, deps) : update(job, carrier, deps);
}

async function notify(job: DeliveryJob, carrier: Carrier, deps: DeliveryDependencies): Promise<JobOutcome> {
  const id = { correlationId: job.correlation_id, name: job.delivery };
  const claimIt = () => deps.deliveries.claim(id, carrier.messageId, deps.now());
  // Side by side, and the channel's secret too: nobody knows of the incident yet. Only a gate is asked in between.
  deps.channel().catch(() => undefined);
  const [incident, early] = await Promise.all([
    deps.incidents.get(job.correlation_id),
    deps.gate === undefined ? claimIt() : undefined,
  ]);
  if (incident === undefined) return onItsWayToDeadLetters(`No incident ${job.correlation_id} in the table`);

  const putOff = await deps.gate?.(incident);
  if (putOff !== undefined) return putOff;

  const claim = early ?? (await claimIt());
  if (claim.kind === 'leased') {
    // As long as a lease lasts: its holder is done by then, or dead.
    return { done: false, why: 'Another worker has this delivery', comeBackInSeconds: 20 };
  }
  if (claim.kind === 'given_up') {
    const why = claim.delivery.error ?? 'Given up before';
    // Told again: the first telling may have met a workflow that had not parked its token yet.
    await tellGivenUp(job, incident, why, deps);
    return onItsWayToDeadLetters(why);
  }
  let shown = claim.delivery.facts_shown;
  if (claim.kind === 'claimed') {
    const told = await firstTelling(job, incident, claim.delivery, carrier, deps);
    if (typeof told !== 'number') return told;
    shown = told;
  }
  if (job.task_token !== undefined) await deps.workflow.succeed(job.task_token, { delivery: job.delivery });
  return bringUpToDate(job, carrier, deps, shown);
}

/** @returns how many facts people see for sure, once it is told, or decided that it must not be */
async function firstTelling(
  job: DeliveryJob,
  asRead: Incident,
  delivery: StoredDelivery,
  carrier: Carrier,
  deps: DeliveryDependencies,
): Promise<JobOutcome | number> {
  const id = { correlationId: job.correlation_id, name: job.delivery };
  // An earlier attempt may have got through: its worker died, or its answer was lost.
  const inDoubt = delivery.calls > 1;
  const admission = (await deps.admit?.(asRead, job)) ?? { send: true as const, incident: asRead };
  if (!admission.send) {
    const { why, sent } = admission;
    // Told before a crash, and not recorded then.
    if (sent === 'yes') await deps.deliveries.delivered(id, {}, 1, deps.now());
    else await deps.deliveries.withheld(id, why, inDoubt && sent === 'maybe', deps.now());
    return 0;
  }
  const { incident } = admission;
  const context = { incident, delivery: job.delivery };
  let reference: ProviderReference;
  try {
    reference = await tracedStep(`notify ${job.delivery}`, job.correlation_id, async () => {
      const channel = await deps.channel();
      return (inDoubt ? await channel.find?.(context) : undefined) ?? channel.notify(context);
    });
  } catch (error) {
    return attemptFailed(job, delivery, carrier, error, deps);
  }
  await deps.afterNotify?.(context, reference);
  // What an earlier attempt left there may show less than we know by now.
  const factsShown = inDoubt ? 1 : incident.facts.length;
  await deps.deliveries.delivered(id, reference, factsShown, deps.now());
  const sinceAccepted = deps.now().getTime() - Date.parse(incident.received_at);
  measure('timeToFirstNotification', sinceAccepted, { delivery: job.delivery }, job.correlation_id);
  return factsShown;
}

async function update(job: DeliveryJob, carrier: Carrier, deps: DeliveryDependencies): Promise<JobOutcome> {
  const delivery = await deps.deliveries.get({ correlationId: job.correlation_id, name: job.delivery });
  if (delivery?.failed_update === carrier.messageId)
    return onItsWayToDeadLetters('This update was given up before');
  return bringUpToDate(job, carrier, deps);
}
