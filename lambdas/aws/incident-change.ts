import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Incident, IncidentFact, IncidentStatus } from '../domain/incident.ts';
import { factList, readIncident, toItem, type Item } from './items.ts';
import { keys } from './keys.ts';

/** One change of an incident: what must hold, the status it gets (if any), and the fact that tells of it. */
export interface IncidentChange {
  readonly from: readonly IncidentStatus[];
  readonly to?: IncidentStatus;
  readonly fact: IncidentFact;
  /** How many facts there must be: for facts that hang on no status. */
  readonly factCount?: number;
}

/** The incident after the attempt, and whether the attempt changed it. */
export interface ChangeResult {
  readonly now: Incident;
  readonly changed: boolean;
}

/**
 * Makes the change in a single conditional write.
 *
 * @returns undefined when there is no such incident
 */
export async function changeIncident(
  client: DynamoDBClient,
  table: string,
  correlationId: string,
  change: IncidentChange,
): Promise<ChangeResult | undefined> {
  const command = new UpdateItemCommand(changeInput(table, correlationId, change));
  try {
    const { Attributes: item } = await client.send(command);
    return item === undefined ? undefined : { now: readIncident(item), changed: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return error.Item === undefined ? undefined : { now: readIncident(error.Item), changed: false };
  }
}

function changeInput(table: string, correlationId: string, change: IncidentChange): UpdateItemCommandInput {
  const { from, to, fact, factCount } = change;
  const set = ['facts = list_append(facts, :fact)'];
  const values: Item = { ':fact': factList(fact) };
  const conditions = [`#status IN (${from.map((_, index) => `:from${index}`).join(', ')})`];
  from.forEach((status, index) => (values[`:from${index}`] = { S: status }));

  // acknowledged_at, paged_at …: what the `recent` index shows; a Zap's results are many and have none.
  if (fact.step !== 'zap_result') {
    set.push(`${fact.step}_at = :at`);
    conditions.push(`attribute_not_exists(${fact.step}_at)`);
    values[':at'] = { S: fact.at };
  }
  if (factCount !== undefined) {
    conditions.push('size(facts) = :count');
    values[':count'] = { N: String(factCount) };
  }
  if (to !== undefined) {
    set.push('#status = :to');
    values[':to'] = { S: to };
  }
  // The auditor watches only what still needs somebody.
  const settled = to !== undefined && to !== 'escalating';
  return {
    TableName: table,
    Key: toItem(keys.incident(correlationId)),
    UpdateExpression: `SET ${set.join(', ')}${settled ? ' REMOVE watch, watch_at' : ''}`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: values,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}
