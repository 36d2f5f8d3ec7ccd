import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ChannelName } from '../domain/channel.ts';
import { fromItem, toItem } from './items.ts';
import { keys } from './keys.ts';

/** A channel that a person has paused: its messages stay in their queues until the same or another resumes it. */
export interface Pause {
  readonly channel: ChannelName;
  readonly by: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/**
 * The pauses made by hand. The record is what counts: whoever writes or deletes one also switches the channel's event
 * source mappings, and for Zapier the breaker's keeper does so again each minute. It undoes no pause.
 */
export class PauseStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** The channel's pause, or undefined while it runs (consistent read). */
  async get(channel: ChannelName): Promise<Pause | undefined> {
    const { Item: item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: toItem(keys.paused(channel)),
        ConsistentRead: true,
      }),
    );
    if (item === undefined) return undefined;
    const { by, reason, at } = fromItem(item) as unknown as Pause;
    return { channel, by, reason, at };
  }

  /** Records a pause; one that is there already gets the new reason. */
  async pause(pause: Pause): Promise<void> {
    const item = toItem({ ...keys.paused(pause.channel), ...pause });
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: item }));
  }

  /** @returns whether there was a pause to end */
  async resume(channel: ChannelName): Promise<boolean> {
    const { Attributes: before } = await this.#client.send(
      new DeleteItemCommand({
        TableName: this.#table,
        Key: toItem(keys.paused(channel)),
        ReturnValues: 'ALL_OLD',
      }),
    );
    return before !== undefined;
  }
}
