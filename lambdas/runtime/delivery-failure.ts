import type { StoredDelivery } from '../aws/items.ts';
import { channelOf, HUMAN_CHANNELS, type DeliveryName } from '../domain/channel.ts';
import { DeliveryError, type DeliveryJob } from '../domain/delivery.ts';
import type { Incident } from '../domain/incident.ts';
import { retryDelaySeconds } from '../domain/retry.ts';
import {
  onItsWayToDeadLetters,
  type Carrier,
  type DeliveryDependencies,
  type JobOutcome,
} from './delivery-dependencies.ts';
import { logger, measure } from './telemetry.ts';

/** Records that the first telling failed, and decides whether it is tried again. */
export async function attemptFailed(
  job: DeliveryJob,
  delivery: StoredDelivery,
  carrier: Carrier,
  error: unknown,
  deps: DeliveryDependencies,
): Promise<JobOutcome> {
  const id = { correlationId: job.correlation_id, name: job.delivery };
  const failure = asDeliveryError(error);
  const { attempts } = delivery;
  report(job, failure, attempts);
  const failed = {
    error: failure.message,
    attempt: attempts,
    calls: delivery.calls - (failure.refused ? 1 : 0),
    at: deps.now(),
  };
  if (failure.kind === 'retryable' && attempts < deps.retry.tries) {
    await deps.deliveries.failedAttempt(id, failed);
    return comeBack(failure, attempts, deps);
  }
  await deps.deliveries.givenUp(id, failed);
  measure('deliveryGivenUp', 1, { channel: channelOf(job.delivery) }, job.correlation_id);
  logger.error('Delivery given up', { ...jobFields(job), messageId: carrier.messageId, error: failure });
  const incident = await deps.incidents.get(job.correlation_id);
  if (incident !== undefined) await tellGivenUp(job, incident, failure.message, deps);
  return onItsWayToDeadLetters(failure.message);
}

/** Records that an update failed, and decides whether it is tried again. */
export async function updateFailed(
  job: DeliveryJob,
  carrier: Carrier,
  error: unknown,
  deps: DeliveryDependencies,
): Promise<JobOutcome> {
  const id = { correlationId: job.correlation_id, name: job.delivery };
  const failure = asDeliveryError(error);
  const { messageId, receiveCount: attempt } = carrier;
  report(job, failure, attempt);
  const final = failure.kind === 'permanent' || attempt >= deps.retry.tries;
  await deps.deliveries.updateFailed(id, {
    messageId,
    final,
    error: failure.message,
    attempt,
    at: deps.now(),
  });
  return final ? onItsWayToDeadLetters(failure.message) : comeBack(failure, attempt, deps);
}

/**
 * Tells the workflow that a delivery is given up and, when no person can be reached any more, that waiting is
 * pointless: the page goes out at once.
 */
export async function tellGivenUp(
  job: DeliveryJob,
  incident: Incident,
  why: string,
  deps: DeliveryDependencies,
): Promise<void> {
  if (job.task_token !== undefined) await deps.workflow.fail(job.task_token, 'DeliveryFailed', why);
  const { task_token, rule, status } = incident;
  if (!rule.page || status !== 'open' || task_token === undefined) return;
  const human = incident.deliveries.filter(isHuman);
  const reachable = await Promise.all(human.map((name) => mayStillArrive(name, incident, deps)));
  if (human.length === 0 || reachable.includes(true)) return;
  await deps.workflow.fail(task_token, 'NobodyReachable', `No human channel took the incident: ${why}`);
}

const isHuman = (name: DeliveryName): boolean =>
  (HUMAN_CHANNELS as readonly string[]).includes(channelOf(name));

async function mayStillArrive(
  name: DeliveryName,
  incident: Incident,
  deps: DeliveryDependencies,
): Promise<boolean> {
  const delivery = await deps.deliveries.get({ correlationId: incident.correlation_id, name });
  return delivery?.status !== 'failed';
}

function comeBack(failure: DeliveryError, attempt: number, deps: DeliveryDependencies): JobOutcome {
  const seconds = retryDelaySeconds(deps.retry, attempt, deps.random(), failure.retryAfterSeconds);
  return { done: false, why: failure.message, comeBackInSeconds: seconds };
}

/** Anything but a DeliveryError (a secret that cannot be read, a mistake of ours) may pass, and must show. */
function asDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DeliveryError('retryable', message, { cause: error });
}

function report(job: DeliveryJob, failure: DeliveryError, attempt: number): void {
  measure('deliveryAttemptFailed', 1, { channel: channelOf(job.delivery) }, job.correlation_id);
  logger.warn('Delivery attempt failed', { ...jobFields(job), attempt, kind: failure.kind, error: failure });
}

/** A job's log fields; never its token. */
export const jobFields = ({ correlation_id, delivery, kind }: DeliveryJob) => ({
  correlation_id,
  delivery,
  kind,
});
