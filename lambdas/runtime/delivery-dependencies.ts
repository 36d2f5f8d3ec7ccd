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
  /** `maybeSent`: an earlier attempt may have got through, so the provider must be brought up to date. */
  | { readonly send: false; readonly why: string; readonly maybeSent: boolean };

/** What delivering needs. Only the pager brings `admit`: other channels always send. */
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
