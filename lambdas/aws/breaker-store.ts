import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { bucketOf, UNTOUCHED, type Breaker, type BreakerPolicy, type CallCounts } from '../domain/breaker.ts';
import type { ChannelName } from '../domain/channel.ts';
import { fromItem, toItem } from './items.ts';
import { keys } from './keys.ts';

/** A provider's circuit breaker in the table: its state, and the calls counted while it is closed. */
export class BreakerStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #channel: ChannelName;

  constructor(client: DynamoDBClient, table: string, channel: ChannelName) {
    this.#client = client;
    this.#table = table;
    this.#channel = channel;
  }

  /** The breaker as it is now (consistent read). */
  async get(): Promise<Breaker> {
    const { Item: item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: toItem(keys.breaker(this.#channel)),
        ConsistentRead: true,
      }),
    );
    return item === undefined ? UNTOUCHED : (fromItem(item)['breaker'] as Breaker);
  }

  /**
   * Makes `after` of the breaker, if it still has the version that `after` was made from: of several who try, one.
   *
   * @returns whether it was this one
   */
  async replace(after: Breaker): Promise<boolean> {
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: toItem({ ...keys.breaker(this.#channel), breaker: after }),
      ConditionExpression: 'attribute_not_exists(pk) OR breaker.version = :before',
      ExpressionAttributeValues: { ':before': { N: String(after.version - 1) } },
    });
    return unlessRefused(() => this.#client.send(command));
  }

  /** Notes that an incident accepted `at` waits; only the oldest is kept. */
  async waitsSince(at: string): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: toItem(keys.breaker(this.#channel)),
      UpdateExpression: 'SET breaker.outage.waiting_since = :at',
      ConditionExpression: 'breaker.#status <> :closed AND breaker.outage.waiting_since > :at',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':at': { S: at }, ':closed': { S: 'closed' } },
    });
    await unlessRefused(() => this.#client.send(command));
  }

  /** Counts one call. A new version of the breaker starts at zero, so that a closed one begins afresh. */
  async count(version: number, failed: boolean, policy: BreakerPolicy, now: Date): Promise<void> {
    const bucket = bucketOf(now, policy);
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: toItem(keys.breakerCalls(this.#channel, version, bucket)),
        UpdateExpression: 'SET expires_at = :expires ADD calls :one, failures :failed',
        ExpressionAttributeValues: {
          ':one': { N: '1' },
          ':failed': { N: failed ? '1' : '0' },
          // An hour for an operator's eyes, then it may go.
          ':expires': { N: String(bucket + policy.window_seconds + 3_600) },
        },
      }),
    );
  }

  /** The calls of the window that ends now (consistent read). */
  async counts(version: number, policy: BreakerPolicy, now: Date): Promise<CallCounts> {
    const from = bucketOf(new Date(now.getTime() - policy.window_seconds * 1_000), policy);
    const first = keys.breakerCalls(this.#channel, version, from);
    const { Items: items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': { S: first.pk },
          // The bucket that `from` falls into has begun before the window.
          ':from': { S: `${first.sk}~` },
          ':to': { S: keys.breakerCalls(this.#channel, version, bucketOf(now, policy)).sk },
        },
        ConsistentRead: true,
      }),
    );
    const sum = (name: string) => items.reduce((total, item) => total + Number(item[name]?.N ?? 0), 0);
    return { calls: sum('calls'), failures: sum('failures') };
  }
}

/** @returns whether the condition held */
async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
