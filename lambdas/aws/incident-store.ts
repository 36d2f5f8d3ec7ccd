import { setTimeout } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { acknowledgementOf, type Acknowledgement } from '../domain/acknowledgement.ts';
import { incidentOf, type Envelope } from '../domain/envelope.ts';
import {
  INCIDENT_STATUSES,
  type Actor,
  type EscalationReason,
  type Incident,
  type ZapResult,
} from '../domain/incident.ts';
import { changeIncident, type ChangeResult, type IncidentChange } from './incident-change.ts';
import { incidentItem, outboxItem, readIncident, toItem, watchAt, type Item } from './items.ts';
import { keys } from './keys.ts';
import { dedupeExpiryOf, expiryOf } from './retention.ts';

/** Collisions on one event before the sender is asked to try again; each costs a round trip and a pause. */
const MAX_CONFLICTS = 8;

/** What became of an accepted event. */
export type Accepted =
  | { readonly duplicate: false }
  | { readonly duplicate: true; readonly correlationId: string; readonly payloadMatches: boolean };

/**
 * The incidents, and the single conditional writes that decide their fate (invariant 4). Every change appends its
 * fact in the same write.
 */
export class IncidentStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Accepts an event once per `event_id` and 24 h: dedupe key with outbox record, incident, and the way from its
   * `incident_id` to it, all or nothing.
   *
   * 1. no item, or one past its expiry (TTL deletes late): written, accepted;
   * 2. an item with our own correlation id: our first answer was lost, accepted;
   * 3. any other item: a duplicate, answered with what the first one got.
   *
   * @throws TransactionCanceledException after {@link MAX_CONFLICTS} collisions with the same event
   */
  async accept(envelope: Envelope, payloadHash: string): Promise<Accepted> {
    const receivedAt = new Date(envelope.received_at);
    const incident = incidentOf(envelope);
    const expiresAt = expiryOf(receivedAt);
    const link = keys.incidentId(envelope.event.incident_id, envelope.correlation_id);
    const put = (item: Item) => ({ Put: { TableName: this.#table, Item: item } });
    const command = new TransactWriteItemsCommand({
      TransactItems: [
        {
          Put: {
            ...put(outboxItem(envelope, payloadHash, dedupeExpiryOf(receivedAt))).Put,
            ConditionExpression: 'attribute_not_exists(pk) OR expires_at < :now',
            ExpressionAttributeValues: { ':now': { N: String(Math.floor(receivedAt.getTime() / 1_000)) } },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
        put(incidentItem(incident, { expiresAt, watchAt: watchAt(incident) })),
        put(toItem({ ...link, expires_at: expiresAt })),
      ],
    });
    const existing = await this.#acceptOrExisting(command);
    if (existing === undefined || existing['correlation_id']?.S === envelope.correlation_id) {
      return { duplicate: false };
    }
    return {
      duplicate: true,
      correlationId: existing['correlation_id']?.S ?? '',
      payloadMatches: existing['payload_hash']?.S === payloadHash,
    };
  }

  async #acceptOrExisting(command: TransactWriteItemsCommand): Promise<Item | undefined> {
    for (let conflicts = 0; ; conflicts += 1) {
      try {
        await this.#client.send(command);
        return undefined;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const reason = error.CancellationReasons?.[0];
        if (reason?.Code === 'ConditionalCheckFailed' && reason.Item !== undefined) return reason.Item;
        // Two requests with the same event at the same instant: one of them is about to be the first.
        const conflict = error.CancellationReasons?.some((each) => each.Code === 'TransactionConflict');
        if (conflict !== true || conflicts >= MAX_CONFLICTS) throw error;
        await setTimeout(10 * 2 ** conflicts * Math.random());
      }
    }
  }

  /** The incident as it is now (consistent read), or undefined where there is none. */
  async get(correlationId: string): Promise<Incident | undefined> {
    const { Item: item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: toItem(keys.incident(correlationId)),
        ConsistentRead: true,
      }),
    );
    return item === undefined ? undefined : readIncident(item);
  }

  /** Correlation ids raised under a sender's `incident_id` and not known to be resolved, newest first. */
  async unresolvedWith(incidentId: string): Promise<string[]> {
    return this.#linked(incidentId, 'attribute_not_exists(resolved_at)');
  }

  /** The newest correlation id raised under a sender's `incident_id`. */
  async latestWith(incidentId: string): Promise<string | undefined> {
    return (await this.#linked(incidentId, undefined, 1))[0];
  }

  async #linked(incidentId: string, filter?: string, limit?: number): Promise<string[]> {
    const ids: string[] = [];
    let from: Item | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: keys.incidentId(incidentId, '').pk } },
          FilterExpression: filter,
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit: limit,
          ExclusiveStartKey: from,
        }),
      );
      for (const item of page.Items ?? []) ids.push(item['sk']?.S ?? '');
      from = limit === undefined ? page.LastEvaluatedKey : undefined;
    } while (from !== undefined);
    return ids;
  }

  /** Takes the incident for `by`, if nobody has it; a repeat by the holder is still theirs. */
  async acknowledge(correlationId: string, by: Actor, at: string): Promise<Acknowledgement> {
    const change = await this.#change(correlationId, {
      from: ['open', 'escalating', 'paged'],
      to: 'acknowledged',
      fact: { step: 'acknowledged', at, by },
    });
    return change === undefined ? { outcome: 'unknown' } : acknowledgementOf(change.now, by);
  }

  /**
   * Claims the right to page: `open` → `escalating`.
   *
   * @returns the incident after the attempt; only when its status is `escalating` may a page be sent
   */
  async escalate(correlationId: string, reason: EscalationReason, at: string): Promise<Incident | undefined> {
    const fact = { step: 'escalating', at, reason } as const;
    return (await this.#change(correlationId, { from: ['open'], to: 'escalating', fact }))?.now;
  }

  /** Records that PagerDuty took the page: `escalating` → `paged`; a status reached meanwhile stays. */
  async paged(correlationId: string, at: string): Promise<Incident | undefined> {
    const fact = { step: 'paged', at } as const;
    const change = await this.#change(correlationId, { from: ['escalating'], to: 'paged', fact });
    if (change === undefined || change.changed) return change?.now;
    return (await this.#change(correlationId, { from: ['acknowledged', 'resolved'], fact }))?.now;
  }

  /** Ends the incident, whatever its status. */
  async resolve(correlationId: string, by: Actor, at: string): Promise<ChangeResult | undefined> {
    const change = await this.#change(correlationId, {
      from: ['open', 'acknowledged', 'escalating', 'paged'],
      to: 'resolved',
      fact: { step: 'resolved', at, by },
    });
    if (change !== undefined) await this.#markLinkResolved(change.now, at);
    return change;
  }

  /** Only shortens later look-ups: each id that unresolvedWith() returns meets the conditional write above. */
  async #markLinkResolved(incident: Incident, at: string): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: toItem(keys.incidentId(incident.event.incident_id, incident.correlation_id)),
      UpdateExpression: 'SET resolved_at = :at',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(resolved_at)',
      ExpressionAttributeValues: { ':at': { S: at } },
    });
    await this.#client.send(command).catch((error: unknown) => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }

  /** Records what a Zap made; the same result twice is one fact. */
  async addZapResult(correlationId: string, result: ZapResult, at: string): Promise<Incident | undefined> {
    const fact = { step: 'zap_result', at, result } as const;
    for (;;) {
      const incident = await this.get(correlationId);
      const known = incident?.facts.some(({ result: r }) => r?.kind === result.kind && r.id === result.id);
      if (incident === undefined || known === true) return incident;
      const factCount = incident.facts.length;
      const change = await this.#change(correlationId, { from: INCIDENT_STATUSES, fact, factCount });
      if (change === undefined || change.changed) return change?.now;
    }
  }

  #change(correlationId: string, change: IncidentChange): Promise<ChangeResult | undefined> {
    return changeIncident(this.#client, this.#table, correlationId, change);
  }
}
