import { createHash } from 'node:crypto';
import type { IncidentRecord } from '../../../lambdas/aws/timeline.ts';
import { executionStatus, isSettled, raisedFor, recordOf, waiting } from './end-state.ts';
import { type Platform, WORKERS } from './platform.ts';
import { type Aim, fixture, type World } from './world.ts';

/** One incident, and those who have to do with it. */
export class Story {
  readonly world: World;
  readonly platform: Platform;
  /** What the sender calls it. */
  incidentId: string;
  readonly #aim: Aim;
  #correlationId = '';

  readonly id: string;

  constructor(parts: { world: World; platform: Platform; id: string; aim: Aim }) {
    this.id = parts.id;
    this.world = parts.world;
    this.platform = parts.platform;
    this.incidentId = parts.id;
    this.#aim = parts.aim;
  }

  /** The next run of the handler is the one that counts. */
  now(): void {
    this.world.aim(this.#aim);
  }

  get correlationId(): string {
    return this.#correlationId;
  }

  get event() {
    const { incidentId } = this;
    return { event_id: `event-${incidentId}`, incident_id: incidentId, summary: 'Checkout is down' };
  }

  /** An event is posted, with only these channels to tell. */
  async raise(channels: readonly string[], severity: 'sev1' | 'sev2' = 'sev1'): Promise<void> {
    this.policy(channels);
    const urgency = severity === 'sev1' ? 'urgent' : 'standard';
    this.platform.watched = new RegExp(`^(${[...channels, 'pagerduty'].join('|')})-${urgency}$`);
    const { status, body } = await this.world.send('POST', '/events/incidents', {
      ...this.event,
      severity,
    });
    if (status !== 202 && status !== 200) throw new Error(`Refused: ${status} ${JSON.stringify(body)}`);
    this.#correlationId = (body as { correlation_id: string }).correlation_id;
  }

  /** These channels are told, whatever the severity, and everything pages. */
  policy(channels: readonly string[]): void {
    const rule = { channels, acknowledge: true, acknowledgement_window_seconds: 300, page: true };
    this.world.setEnv('SEVERITY_POLICY', JSON.stringify({ sev1: rule, sev2: rule, sev3: rule }));
  }

  /** What a real Alertmanager sent, as a group of this story's own. */
  async alertmanager(name: string): Promise<void> {
    this.policy(['slack']);
    this.platform.watched = /^(slack|pagerduty)-urgent$/;
    const { body: webhook } = JSON.parse(fixture(name)) as { body: { groupKey: string } };
    const groupKey = `${webhook.groupKey}-${this.id}`;
    const digest = createHash('sha256').update(groupKey).digest('hex').slice(0, 32);
    this.incidentId = `alertmanager:${digest}`;
    const { status, body } = await this.world.send('POST', '/events/alertmanager', { ...webhook, groupKey });
    if (status >= 300) throw new Error(`Refused: ${status} ${JSON.stringify(body)}`);
    this.#correlationId = (body as { correlation_id: string }).correlation_id;
  }

  resolve = () =>
    this.world.send('POST', '/events/incidents', { ...this.event, status: 'resolved' }).then(() => undefined);

  acknowledge = () =>
    this.world.send('POST', `/incidents/${this.correlationId}/ack`, { by: 'Ada' }).then(() => undefined);

  /** All that is under way has come to its end. */
  async settled(status?: string): Promise<IncidentRecord> {
    return this.platform.until(`everybody knows that it is ${status ?? 'open'}`, async () => {
      if (this.#correlationId === '')
        this.#correlationId = (await raisedFor(this.world, this.incidentId))[0] ?? '';
      const record = await recordOf(this.world, this.correlationId);
      if (record === undefined || !isSettled(record)) return undefined;
      return status === undefined || record.incident.status === status ? record : undefined;
    });
  }

  taskToken = async (): Promise<string | undefined> =>
    (await recordOf(this.world, this.correlationId))?.incident.task_token;

  /** The workflow waits for somebody to acknowledge. */
  async parked(): Promise<void> {
    await this.platform.until('the workflow waits', this.taskToken);
  }

  /** The workflow waits, but no worker has had anything to do yet. */
  async parkedBeforeAll(): Promise<void> {
    for (const worker of WORKERS) this.platform.held.add(worker);
    await this.parked();
    this.platform.held.clear();
  }

  /** The window is over and the page is in its queue, where it stays for now. */
  async pageHeldUp(): Promise<void> {
    this.platform.held.add('pagerduty-worker');
    await this.platform.until('the page is in its queue', async () =>
      Object.keys(await waiting(this.world, /^pagerduty-urgent$/)).length > 0 ? true : undefined,
    );
  }

  async letPageGo(): Promise<void> {
    this.platform.held.clear();
    await this.platform.until('the page is decided', async () => {
      const record = await recordOf(this.world, this.correlationId);
      const page = record?.deliveries.find(({ name }) => name === 'pagerduty');
      return page !== undefined && page.status !== 'sending' ? page : undefined;
    });
  }

  /** The workflow is over, and nothing is left to do. */
  async over(): Promise<void> {
    await this.platform.until('the execution has ended', async () =>
      (await executionStatus(this.world, this.correlationId)) === 'RUNNING' ? undefined : true,
    );
    while (await this.platform.pump());
  }

  /** Resolves it, where that has not happened, and waits for everything to end. */
  async end(): Promise<void> {
    const record = await recordOf(this.world, this.correlationId);
    if (record?.incident.status !== 'resolved') await this.resolve();
    await this.settled('resolved');
    await this.over();
  }
}
