import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DeliveryName } from '../domain/channel.ts';
import type { ProviderReference } from '../domain/delivery.ts';
import { readDelivery, toItem, type Item, type StoredDelivery } from './items.ts';
import { keys } from './keys.ts';
import { expiryOf } from './retention.ts';

/**
 * One worker at a time has a delivery, for this long at most. Longer than the worker's own 15 s timeout, shorter
 * than the 90 s after which SQS hands the message of a dead worker to another.
 */
const LEASE_MS = 20_000;
/** Or ours: the answer of the write that took it was lost, and the SDK has made the write again. */
const LEASE_IS_FREE = '(attribute_not_exists(lease_until) OR lease_until <= :now OR lease_by = :by)';

/** Identity of one delivery. */
export interface DeliveryId {
  readonly correlationId: string;
  readonly name: DeliveryName;
}

/** What came of trying to take a delivery on. */
export type Claim =
  | { readonly kind: 'claimed'; readonly delivery: StoredDelivery }
  /** Already done (or withheld), given up with this very message, or another worker has it now. */
  | { readonly kind: 'settled' | 'given_up' | 'leased'; readonly delivery: StoredDelivery };

/** A call to a provider that did not go well. */
export interface FailedCall {
  readonly error: string;
  /** Which attempt of the present message it was. */
  readonly attempt: number;
  /** What {@link StoredDelivery.calls} is without those that the provider is known to have refused. */
  readonly calls: number;
  readonly at: Date;
}

/** The deliveries of incidents: who works on them, what they came to, and each failed attempt as a saga entry. */
export class DeliveryStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Takes on the first telling of a delivery and counts the attempt, before the provider is called: a worker that
   * dies leaves behind that a call may have been made.
   */
  async claim(id: DeliveryId, messageId: string, now: Date): Promise<Claim> {
    try {
      const { Attributes: item } = await this.#update(id, {
        UpdateExpression:
          'SET #status = :sending, message_id = :message, lease_until = :until, lease_by = :by, ' +
          'started_at = if_not_exists(started_at, :at), facts_shown = if_not_exists(facts_shown, :zero), ' +
          'expires_at = if_not_exists(expires_at, :expires) ' +
          'ADD attempts :one, calls :one',
        ConditionExpression:
          'attribute_not_exists(pk) ' +
          `OR (#status = :sending AND ${LEASE_IS_FREE}) ` +
          'OR (#status = :failed AND message_id <> :message)',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ...this.#lease(now),
          ':message': { S: messageId },
          ':sending': { S: 'sending' },
          ':failed': { S: 'failed' },
          ':at': { S: now.toISOString() },
          ':zero': { N: '0' },
          ':one': { N: '1' },
          ':expires': { N: String(expiryOf(now)) },
        },
      });
      return { kind: 'claimed', delivery: readDelivery(item) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) throw error;
      const delivery = readDelivery(error.Item);
      const settled = delivery.status === 'delivered' || delivery.status === 'withheld';
      return { kind: settled ? 'settled' : delivery.status === 'failed' ? 'given_up' : 'leased', delivery };
    }
  }

  /**
   * Takes on bringing a delivered message up to date.
   *
   * @returns the delivery, `up_to_date` when there is nothing to do, or `leased` when another worker is at it
   */
  async claimUpdate(
    id: DeliveryId,
    facts: number,
    now: Date,
  ): Promise<StoredDelivery | 'up_to_date' | 'leased'> {
    try {
      const { Attributes: item } = await this.#update(id, {
        UpdateExpression: 'SET lease_until = :until, lease_by = :by',
        // A reference is there from the moment when the provider shows something, or may do so.
        ConditionExpression: `attribute_exists(#reference) AND facts_shown < :facts AND ${LEASE_IS_FREE}`,
        ExpressionAttributeNames: { '#reference': 'reference' },
        ExpressionAttributeValues: { ...this.#lease(now), ':facts': { N: String(facts) } },
      });
      return readDelivery(item);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const shown = Number(error.Item?.['facts_shown']?.N ?? 0);
      // Not delivered yet: whoever delivers shows the incident as it is by then.
      if (error.Item?.['reference'] === undefined || shown >= facts) return 'up_to_date';
      return 'leased';
    }
  }

  #lease(now: Date): Item {
    return {
      ':now': { N: String(now.getTime()) },
      ':until': { N: String(now.getTime() + LEASE_MS) },
      ':by': { S: randomUUID() },
    };
  }

  /** Ends a claim: the provider has it, and shows that many of the incident's facts. */
  async delivered(id: DeliveryId, reference: ProviderReference, factsShown: number, at: Date): Promise<void> {
    await this.#update(id, {
      UpdateExpression:
        'SET #status = :delivered, #reference = :reference, facts_shown = :facts, finished_at = :at ' +
        'REMOVE lease_until, #error',
      ExpressionAttributeNames: { '#status': 'status', '#error': 'error', '#reference': 'reference' },
      ExpressionAttributeValues: {
        ':delivered': { S: 'delivered' },
        ':reference': { M: toItem(reference) },
        ':facts': { N: String(factsShown) },
        ':at': { S: at.toISOString() },
      },
    });
  }

  /** Ends an update claim. */
  async shown(id: DeliveryId, factsShown: number): Promise<void> {
    await this.#update(id, {
      UpdateExpression: 'SET facts_shown = :facts REMOVE lease_until',
      ExpressionAttributeValues: { ':facts': { N: String(factsShown) } },
    });
  }

  /**
   * Ends a claim without a call: the incident no longer wants it.
   *
   * @param maybeSent an earlier attempt may have got through: what comes later must reach the provider as well
   */
  async withheld(id: DeliveryId, why: string, maybeSent: boolean, at: Date): Promise<void> {
    await this.#settle(id, { status: 'withheld', error: why, maybeSent, at });
  }

  /** Ends a claim after a failure that may pass; the message comes again. */
  async failedAttempt(id: DeliveryId, { error, attempt, calls, at }: FailedCall): Promise<void> {
    await this.#saga(id, 'attempt_failed', error, attempt, at);
    await this.#update(id, {
      // Set, not subtracted: the SDK may make this write twice.
      UpdateExpression: 'SET #error = :error, calls = :calls REMOVE lease_until',
      ExpressionAttributeNames: { '#error': 'error' },
      ExpressionAttributeValues: { ':error': { S: error }, ':calls': { N: String(calls) } },
    });
  }

  /** Takes back that the last attempt counts towards giving up: it was made to see whether the provider is back. */
  async uncount(id: DeliveryId): Promise<void> {
    await this.#update(id, {
      UpdateExpression: 'ADD attempts :minusOne',
      ExpressionAttributeValues: { ':minusOne': { N: '-1' } },
    });
  }

  /** Gives a delivery up: this message makes no more calls, a redriven one starts afresh. */
  async givenUp(id: DeliveryId, { error, attempt, calls, at }: FailedCall): Promise<void> {
    await this.#saga(id, 'given_up', error, attempt, at);
    await this.#settle(id, { status: 'failed', error, calls, at });
  }

  async #settle(
    id: DeliveryId,
    end: { status: 'withheld' | 'failed'; error: string; maybeSent?: boolean; calls?: number; at: Date },
  ): Promise<void> {
    const shown = end.maybeSent === true;
    const { calls } = end;
    await this.#update(id, {
      UpdateExpression:
        'SET #status = :status, #error = :error, finished_at = :at, attempts = :zero' +
        (shown ? ', #reference = :unknown, facts_shown = :one' : '') +
        `${calls === undefined ? '' : ', calls = :calls'} REMOVE lease_until`,
      ExpressionAttributeNames: {
        '#status': 'status',
        '#error': 'error',
        ...(shown ? { '#reference': 'reference' } : {}),
      },
      ExpressionAttributeValues: {
        ':status': { S: end.status },
        ':error': { S: end.error },
        ':at': { S: end.at.toISOString() },
        ':zero': { N: '0' },
        ...(shown ? { ':unknown': { M: {} }, ':one': { N: '1' } } : {}),
        ...(calls === undefined ? {} : { ':calls': { N: String(calls) } }),
      },
    });
  }

  /** Ends an update claim after a failure; `final` when this message is to make no more calls. */
  async updateFailed(
    id: DeliveryId,
    failure: { messageId: string; final: boolean; error: string; attempt: number; at: Date },
  ): Promise<void> {
    const { messageId, final, error, attempt, at } = failure;
    await this.#saga(id, final ? 'update_given_up' : 'update_failed', error, attempt, at);
    await this.#update(id, {
      UpdateExpression: `${final ? 'SET failed_update = :message ' : ''}REMOVE lease_until`,
      ...(final ? { ExpressionAttributeValues: { ':message': { S: messageId } } } : {}),
    });
  }

  /** The delivery as it is now (consistent read). */
  async get(id: DeliveryId): Promise<StoredDelivery | undefined> {
    const { Item: item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: toItem(keys.delivery(id.correlationId, id.name)),
        ConsistentRead: true,
      }),
    );
    return item === undefined ? undefined : readDelivery(item);
  }

  async #saga(id: DeliveryId, status: string, error: string, attempt: number, at: Date): Promise<void> {
    const { correlationId, name } = id;
    const entry = { step: `deliver ${name}`, status, at: at.toISOString(), metadata: { attempt, error } };
    const key = keys.saga(correlationId, entry.at, `${name}-${status}-${attempt}`);
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item: toItem({ ...key, correlation_id: correlationId, ...entry, expires_at: expiryOf(at) }),
      }),
    );
  }

  async #update(
    id: DeliveryId,
    change: Omit<ConstructorParameters<typeof UpdateItemCommand>[0], 'TableName' | 'Key'>,
  ): Promise<{ Attributes: Item }> {
    const key = toItem(keys.delivery(id.correlationId, id.name));
    const output = await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: key,
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...change,
      }),
    );
    return { Attributes: output.Attributes ?? key };
  }
}
