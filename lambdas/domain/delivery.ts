import { z } from './schema.ts';
import { DELIVERY_NAMES, type DeliveryName } from './channel.ts';

/**
 * What lies in a channel's queue: never the content, only what to look at. The worker renders the incident as it
 * is when the message is handled, so a job may come early, late, twice or after a redrive.
 *
 * - `notify`: tell the channel, unless it was told already.
 * - `update`: bring what the channel shows up to date, if it shows anything.
 */
export const DeliveryJobSchema = z.object({
  kind: z.enum(['notify', 'update']),
  correlation_id: z.uuid(),
  delivery: z.enum(DELIVERY_NAMES),
  /** Only on a page: the error with which the workflow's wait ended. */
  error: z.optional(z.string()),
  /** The workflow's token, to be answered when the delivery is made or given up. */
  task_token: z.optional(z.string().check(z.minLength(1))),
});
export type DeliveryJob = z.output<typeof DeliveryJobSchema>;

/** Where the provider put what we sent; what it needs to find it again. */
export type ProviderReference = Readonly<Record<string, string>>;

/** One delivery's record. */
export interface Delivery {
  readonly name: DeliveryName;
  readonly status: 'sending' | 'delivered' | 'failed' | 'withheld';
  /** Calls started for the present message; a new message (a redrive) starts at one again. */
  readonly attempts: number;
  /** The SQS message that carried the last attempt. */
  readonly message_id: string;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly finished_at?: string;
  readonly reference?: ProviderReference;
  /** How many of the incident's facts the provider shows. */
  readonly facts_shown: number;
  readonly error?: string;
}

/**
 * Why a call to a provider failed, decided once, where the answer is read.
 *
 * `retryable` may pass by itself; `permanent` will not, and is never tried again with the same message.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly kind: 'retryable' | 'permanent';
  /** The provider's own word on when to come back, in seconds. */
  readonly retryAfterSeconds: number | undefined;
  /** The provider said no: it holds nothing of this call. False when that is not known. */
  readonly refused: boolean;

  constructor(
    kind: 'retryable' | 'permanent',
    message: string,
    options: {
      readonly retryAfterSeconds?: number | undefined;
      readonly refused?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.refused = options.refused ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
