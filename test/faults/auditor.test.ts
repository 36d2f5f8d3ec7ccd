import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionState } from '../../lambdas/aws/audit-executions.ts';
import { IncidentStore } from '../../lambdas/aws/incident-store.ts';
import { incidentItem, toItem } from '../../lambdas/aws/items.ts';
import { keys, WATCHED } from '../../lambdas/aws/keys.ts';
import { envelopeOf, incidentOf } from '../../lambdas/domain/envelope.ts';
import { parseIncidentEvent, type TriggeredEvent } from '../../lambdas/domain/event.ts';
import type { Healed } from '../../lambdas/runtime/audit-notice.ts';
import { eventually } from '../e2e/support/orchestrator.ts';
import { Caretaking } from './support/caretaking.ts';

/** Long enough to break an incident before its workflow pages by itself. */
const WINDOW_SECONDS = 6;
const LONG_AGO = new Date(Date.now() - 3_600_000);

let caretaking: Caretaking;
let incidents: IncidentStore;
beforeAll(async () => {
  caretaking = await Caretaking.start({
    ackTimeoutSeconds: WINDOW_SECONDS,
    overrides: { audit: { grace_seconds: 1, page_silence_seconds: 1 } },
  });
  incidents = new IncidentStore(caretaking.dynamoDb, caretaking.table);
});
afterAll(() => caretaking.orchestrator.stack.stop());

const key = (id: string) => toItem(keys.incident(id));

/** Makes the incident due, as time would. */
const makeDue = (id: string) =>
  caretaking.dynamoDb.send(
    new UpdateItemCommand({
      TableName: caretaking.table,
      Key: key(id),
      UpdateExpression: 'SET watch = :watched, watch_at = :at',
      ExpressionAttributeValues: { ':watched': { S: WATCHED }, ':at': { S: LONG_AGO.toISOString() } },
    }),
  );

const isWatched = async (id: string) => {
  const command = new GetItemCommand({ TableName: caretaking.table, Key: key(id), ConsistentRead: true });
  return (await caretaking.dynamoDb.send(command)).Item?.['watch'] !== undefined;
};

/** One run of the auditor, and what it did about this incident. */
const findingOn = async (id: string) =>
  ((await caretaking.call('auditor')) as Healed[]).find((each) => each.correlation_id === id)?.finding;

/** Runs the auditor until it has something to say about the incident. */
const eventuallyFound = async (id: string) =>
  eventually(
    'found by the auditor',
    async () => {
      await makeDue(id);
      return findingOn(id);
    },
    (finding) => finding !== undefined,
  );

const execution = (id: string) =>
  executionState(caretaking.stepFunctions, caretaking.orchestrator.stack.outputs.StateMachineArn, id);

const stopExecution = async (id: string) => {
  const { StateMachineArn: arn } = caretaking.orchestrator.stack.outputs;
  const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${id}`;
  await caretaking.stepFunctions.send(new StopExecutionCommand({ executionArn, cause: 'By hand' }));
};

const pages = async (id: string) => (await caretaking.orchestrator.received('pagerduty', id)).length;
const untilPaged = (id: string) =>
  caretaking.orchestrator.until(id, 'paged', ({ status }) => status === 'paged');

/** More runs send no second page. */
async function expectOnePageForGood(id: string) {
  for (let run = 0; run < 2; run += 1) {
    await makeDue(id);
    await caretaking.call('auditor');
  }
  await queueIsEmpty();
  expect(await pages(id)).toBe(1);
}
const queueIsEmpty = () =>
  eventually(
    'pager queue empty',
    () => caretaking.depth('pagerduty-urgent'),
    (depth) => depth === 0,
  );

/** An incident in the table that nothing started: its outbox record is missing. */
async function neverStarted(): Promise<string> {
  const id = uuidv7();
  const event = parseIncidentEvent({ event_id: id, incident_id: id, severity: 'sev1', summary: 'Forgotten' });
  if (!event.ok) throw new Error(JSON.stringify(event.errors));
  const rule = {
    ...{ channels: ['slack' as const, 'discord' as const], acknowledge: true, page: true },
    acknowledgement_window_seconds: WINDOW_SECONDS,
  };
  const envelope = envelopeOf(
    event.value as TriggeredEvent,
    { sev1: rule, sev2: rule, sev3: rule },
    { correlationId: id, receivedAt: LONG_AGO },
  );
  const item = incidentItem(incidentOf(envelope), {
    expiresAt: Math.floor(Date.now() / 1_000) + 3_600,
    watchAt: LONG_AGO.toISOString(),
  });
  await caretaking.dynamoDb.send(new PutItemCommand({ TableName: caretaking.table, Item: item }));
  return id;
}

describe('the auditor', () => {
  it('starts an execution that nobody started: people are told, and paged when none answers', async () => {
    const id = await neverStarted();
    expect(await findingOn(id)).toBe('execution_missing');
    expect(await findingOn(id)).toBeUndefined();
    await caretaking.orchestrator.untilDelivered(id, 'slack', 'discord');
    await untilPaged(id);
    await expectOnePageForGood(id);
    expect(await caretaking.told()).toEqual([
      expect.stringMatching(`^The auditor helped 1 incident along\n${id}`),
    ]);
  });

  it('pages for an execution that was aborted, once', async () => {
    const id = await caretaking.orchestrator.raise();
    await stopExecution(id);
    await makeDue(id);
    expect(await findingOn(id)).toBe('execution_failed');
    const { deliveries } = await untilPaged(id);
    expect(deliveries.map(({ name }) => name)).toContain('slack');
    await expectOnePageForGood(id);
  });

  it('sends a page again that was asked for and lost', async () => {
    const id = await caretaking.orchestrator.raise();
    await stopExecution(id);
    await incidents.escalate(id, 'not_acknowledged', new Date().toISOString());
    expect(await eventuallyFound(id)).toBe('page_silent');
    await untilPaged(id);
    await expectOnePageForGood(id);
  });

  it('never pages for an incident that somebody has', async () => {
    const { orchestrator } = caretaking;
    const id = await orchestrator.raise();
    await stopExecution(id);
    expect((await orchestrator.api('POST', `/incidents/${id}/ack`, { by: 'ada' })).status).toBe(200);
    await makeDue(id);
    expect(await findingOn(id)).toBeUndefined();
    expect(await isWatched(id)).toBe(false);
    await queueIsEmpty();
    expect(await pages(id)).toBe(0);
  });

  it('stops watching what pages nobody, once its execution has ended', async () => {
    const id = await caretaking.orchestrator.raise({ severity: 'sev3' });
    expect(await isWatched(id)).toBe(true);
    await eventually(
      'ended',
      () => execution(id),
      ({ status }) => status === 'succeeded',
    );
    await makeDue(id);
    expect(await findingOn(id)).toBeUndefined();
    expect(await isWatched(id)).toBe(false);
  });
});
