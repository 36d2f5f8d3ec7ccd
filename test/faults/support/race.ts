import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { readFileSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import { wireBody } from '../../../bin/local/http.ts';
import { PagerDutySimulator } from '../../../bin/local/simulators/pagerduty.ts';
import { DeliveryStore } from '../../../lambdas/aws/delivery-store.ts';
import { IncidentStore } from '../../../lambdas/aws/incident-store.ts';
import { keys } from '../../../lambdas/aws/keys.ts';
import { toItem } from '../../../lambdas/aws/items.ts';
import type { WorkflowCallbacks } from '../../../lambdas/aws/workflow.ts';
import { createPagerDutyChannel } from '../../../lambdas/channels/pagerduty/channel.ts';
import type { Acknowledgement } from '../../../lambdas/domain/acknowledgement.ts';
import { endsTheWait, updateJobs } from '../../../lambdas/domain/announcement.ts';
import type { DeliveryJob } from '../../../lambdas/domain/delivery.ts';
import type { Actor, Incident } from '../../../lambdas/domain/incident.ts';
import { anEnvelope, anEvent } from '../../support/incidents.ts';
import { deliver } from '../../../lambdas/runtime/deliver.ts';
import type { DeliveryDependencies } from '../../../lambdas/runtime/delivery-dependencies.ts';
import { admitPage } from '../../../lambdas/runtime/page-admission.ts';

const ROUTING_KEY = '0123456789abcdef0123456789abcdef';
export const person = (id: string): Actor => ({ provider: 'slack', id, name: id });

/** How a write or a call gets its turn: `who` says whose it is. */
export type Turn = <T>(who: string, act: () => Promise<T>) => Promise<T>;

/**
 * Everybody who has a say in one incident, over the production stores, delivery code and PagerDuty channel. Only the
 * workflow's timer is played: whether the window is over is for the schedule to decide.
 */
export class Race {
  readonly id = uuidv7();
  readonly pagerDuty = new PagerDutySimulator({
    routingKey: ROUTING_KEY,
    webhookSecret: 'unused',
    callApi: () => Promise.reject(new Error('Nobody calls back here')),
  });
  readonly answers: { readonly by: string; readonly outcome: Acknowledgement['outcome'] }[] = [];
  /** The status changes that were asked for, in the order in which the table got them. */
  readonly decisions: { readonly who: string; readonly to: string }[] = [];
  /** Names of the events that PagerDuty took, in order. */
  readonly sent: string[] = [];
  readonly #table: string;
  readonly #client: DynamoDBClient;
  readonly #turn: Turn;
  #messages = 0;
  #tokenAnswered = false;

  constructor(client: DynamoDBClient, table: string, turn: Turn) {
    this.#client = client;
    this.#table = table;
    this.#turn = turn;
  }

  /** The real client, but each call waits for its turn. */
  #clientOf(who: string): DynamoDBClient {
    const send = (command: UpdateItemCommand) =>
      this.#turn(who, () => {
        const to = command.input.ExpressionAttributeValues?.[':to']?.S;
        if (to !== undefined) this.decisions.push({ who, to });
        return this.#client.send(command);
      });
    return { send } as unknown as DynamoDBClient;
  }

  #incidents = (who: string) => new IncidentStore(this.#clientOf(who), this.#table);

  async raise(): Promise<void> {
    const envelope = anEnvelope(anEvent({ event_id: `race-${this.id}`, incident_id: this.id }), this.id);
    await new IncidentStore(this.#client, this.#table).accept(envelope, 'hash');
  }

  incident = (): Promise<Incident | undefined> => new IncidentStore(this.#client, this.#table).get(this.id);

  async acknowledge(by: string): Promise<void> {
    const at = new Date().toISOString();
    const result = await this.#incidents(by).acknowledge(this.id, person(by), at);
    this.answers.push({ by, outcome: result.outcome });
    await this.#announce(`announce after ${by}`);
  }

  async resolve(): Promise<void> {
    await this.#incidents('resolve').resolve(this.id, person('sender'), new Date().toISOString());
    await this.#announce('announce after resolve');
  }

  /** The workflow: parks its token as the state machine says, waits, and pages when nobody answered in time. */
  async awaitAndPage(): Promise<void> {
    const parked = await this.#park();
    if (!parked) return;
    await this.#turn('timeout', () => Promise.resolve());
    if (this.#tokenAnswered) return;
    await this.work('page', { kind: 'notify', delivery: 'pagerduty', error: 'States.Timeout' });
    await this.#announce('announce after page');
  }

  /** A message of that job, brought again until it is done. */
  async work(who: string, job: Omit<DeliveryJob, 'correlation_id'>): Promise<void> {
    this.#messages += 1;
    const messageId = `message-${this.#messages}`;
    for (let receiveCount = 1; receiveCount <= 40; receiveCount += 1) {
      const outcome = await deliver(
        { ...job, correlation_id: this.id },
        { messageId, receiveCount },
        this.#dependencies(who),
      );
      if (outcome.done) return;
    }
    throw new Error(`${who} was never done`);
  }

  async #announce(who: string): Promise<void> {
    const incident = await this.#incidents(who).get(this.id);
    if (incident === undefined) throw new Error('The incident is gone');
    if (endsTheWait(incident)) this.#tokenAnswered = true;
    for (const job of updateJobs(incident)) {
      if (job.delivery === 'pagerduty') await this.work(who, job);
    }
  }

  /** The very update that the state machine makes. */
  async #park(): Promise<boolean> {
    const command = new UpdateItemCommand({
      ...parkingUpdate(),
      TableName: this.#table,
      Key: toItem(keys.incident(this.id)),
      ExpressionAttributeValues: { ':token': { S: 'token' }, ':open': { S: 'open' }, ':yes': { BOOL: true } },
    });
    return this.#turn('park', () =>
      this.#client.send(command).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
          throw error;
        },
      ),
    );
  }

  #dependencies(who: string): DeliveryDependencies {
    const incidents = this.#incidents(who);
    const channel = createPagerDutyChannel({
      routingKey: ROUTING_KEY,
      baseUrl: 'http://pagerduty.invalid',
      fetch: (_url, init) => this.#turn(`${who}: PagerDuty`, () => this.#enqueue(init?.body as string)),
    });
    return {
      incidents,
      deliveries: new DeliveryStore(this.#clientOf(who), this.#table),
      workflow: { succeed: () => Promise.resolve(true) } as unknown as WorkflowCallbacks,
      channel: () => Promise.resolve(channel),
      retry: { tries: 60, base_seconds: 1, cap_seconds: 1 },
      now: () => new Date(),
      random: () => 0.5,
      admit: (incident, job) => admitPage(incidents, incident, job, new Date()),
      afterNotify: async ({ incident }) => {
        await incidents.paged(incident.correlation_id, new Date().toISOString());
      },
    };
  }

  #enqueue(body: string): Promise<Response> {
    this.sent.push((JSON.parse(body) as { event_action: string }).event_action);
    const answer = this.pagerDuty.handle({
      ...{ method: 'POST', path: '/v2/enqueue', query: new URLSearchParams(), headers: {} },
      body: Buffer.from(body),
    });
    return Promise.resolve(new Response(String(wireBody(answer.body)), { status: answer.status }));
  }
}

interface ParkingUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
}

function parkingUpdate(): ParkingUpdate {
  const file = new URL('../../../statemachines/incident-escalation.asl.json', import.meta.url);
  let found: ParkingUpdate | undefined;
  JSON.parse(readFileSync(file, 'utf8'), (key, value: { Parameters?: ParkingUpdate } | undefined) => {
    if (key === 'AwaitAcknowledgement') found = value?.Parameters;
    return value;
  });
  if (found === undefined) throw new Error('The state machine has no AwaitAcknowledgement');
  const { UpdateExpression, ConditionExpression, ExpressionAttributeNames } = found;
  return { UpdateExpression, ConditionExpression, ExpressionAttributeNames };
}
