import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { IncidentStatus } from '../domain/incident.ts';
import { toItem } from './items.ts';
import { INDEXES, keys, WATCHED } from './keys.ts';

/** The incidents that still need somebody, by the time from which to look at them. */
export class WatchList {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Correlation ids of the incidents to look at now, the longest due first; an index, so a moment behind. */
  async due(now: Date, limit: number): Promise<string[]> {
    const { Items: items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: INDEXES.watch,
        KeyConditionExpression: 'watch = :watched AND watch_at <= :now',
        ExpressionAttributeValues: { ':watched': { S: WATCHED }, ':now': { S: now.toISOString() } },
        Limit: limit,
      }),
    );
    return items.map((item) => item['correlation_id']?.S ?? '');
  }

  /**
   * Looks again `at`, or never again. An incident whose status changed meanwhile is left alone: who changed it also
   * said whether it is watched.
   */
  async lookAgain(correlationId: string, status: IncidentStatus, at: string | undefined): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: toItem(keys.incident(correlationId)),
      UpdateExpression: at === undefined ? 'REMOVE watch, watch_at' : 'SET watch_at = :at',
      ConditionExpression: 'attribute_exists(watch) AND #status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':status': { S: status },
        ...(at === undefined ? {} : { ':at': { S: at } }),
      },
    });
    await this.#client.send(command).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }
}
