import type { DeliveryStore } from '../aws/delivery-store.ts';
import type { IncidentStore } from '../aws/incident-store.ts';
import type { WorkflowCallbacks } from '../aws/workflow.ts';
import type { DeliveryJob, ProviderReference } from '../domain/delivery.ts';
import type { Incident } from '../domain/incident.ts';
import type { Channel, DeliveryContext } from '../domain/ports.ts';
import type { RetryPolicy } from '../domain/retry.ts';

/** Whether a delivery may be made now, with the incident as it is after the question was asked. */
export type Admission =
  | { readonly send: true; readonly incident: Incident }
  /** `sent`: whether an earlier attempt got through; then what comes later must reach the provider as well. */
  | { readonly send: false; readonly why: string; readonly sent: 'no' | 'maybe' | 'yes' };

/** What delivering needs. Only the pager brings `admit`, only a channel with a circuit breaker brings
 * `gate`: the others always send. */
export interface DeliveryDependencies {
  readonly incidents: IncidentStore;
  readonly deliveries: DeliveryStore;
  readonly workflow: WorkflowCallbacks;
  /** Made anew for each job, since a credential may have been rotated; cheap when it was not. */
  readonly channel: () => Promise<Channel>;
  readonly retry: RetryPolicy;
  readonly now: () => Date;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** Asked before a first telling is claimed: an outcome puts it off, without an attempt being counted. */
  readonly gate?: (incident: Incident) => Promise<JobOutcome | undefined>;
  /** Asked before the first telling. */
  readonly admit?: (incident: Incident, job: DeliveryJob) => Promise<Admission>;
  /** Called once the provider has it, before the delivery is recorded; may run twice. */
  readonly afterNotify?: (context: DeliveryContext, reference: ProviderReference) => Promise<void>;
}

/** The message that carries a job; a redrive from the dead-letter queue gives it a new id. */
export interface Carrier {
  readonly messageId: string;
  /** From 1. */
  readonly receiveCount: number;
}

/** What became of a job. When it is not done, its message comes back after that many seconds. */
export type JobOutcome =
  | { readonly done: true }
  | { readonly done: false; readonly why: string; readonly comeBackInSeconds: number };

export const DONE: JobOutcome = { done: true };

/** A message whose fate is the dead-letter queue comes back at once, until SQS moves it there. */
export const onItsWayToDeadLetters = (why: string): JobOutcome => ({
  done: false,
  why,
  comeBackInSeconds: 1,
});
