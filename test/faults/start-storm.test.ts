import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { coldStart, type Handler } from './support/cold-start.ts';
import { found, measured } from './support/findings.ts';
import { apiAnswer, apiEvent } from './support/http-events.ts';

const INCIDENTS = 10_000;
const MINUTE_MS = 60_000;
/** StartExecution's quota outside the largest regions: a bucket of 800, refilled with 150 a second. */
const QUOTA = { bucket: 800, perSecond: 150 };
/** As the stream's mapping has it (lib/stream-relay.ts). */
const RELAY = { batchSize: 10, atOnce: 4, retryAfterMs: 1_000 };

type Item = Record<string, { S?: string }>;

/**
 * DynamoDB, Step Functions and Secrets Manager as far as intake and relay call them, in virtual time. The local engine
 * would take minutes for ten thousand, and throttles nothing.
 */
class Stub {
  readonly started = new Map<string, number>();
  readonly outbox: Item[] = [];
  readonly #events = new Set<string>();
  #tokens = QUOTA.bucket;
  #filledAt = 0;
  throttled = 0;
  now = 0;
  readonly server: Server = createServer((request, response) => {
    void this.#answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    });
  });

  async #answer(request: IncomingMessage): Promise<[number, object]> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    const target = String(request.headers['x-amz-target']);
    if (target.endsWith('GetSecretValue'))
      return [200, { SecretString: JSON.stringify({ storm: 'storm-token' }) }];
    if (target.endsWith('StartExecution')) return this.#start(String(body['name']));
    if (target.endsWith('TransactWriteItems'))
      return this.#accept(body['TransactItems'] as { Put: { Item: Item } }[]);
    throw new Error(`Nobody expected ${target}`);
  }

  #accept(items: { Put: { Item: Item } }[]): [number, object] {
    const outbox = items[0]?.Put.Item ?? {};
    const key = outbox['pk']?.S ?? '';
    if (this.#events.has(key)) throw new Error(`${key} is posted once`);
    this.#events.add(key);
    this.outbox.push(outbox);
    return [200, {}];
  }

  #start(name: string): [number, object] {
    const refill = ((this.now - this.#filledAt) / 1_000) * QUOTA.perSecond;
    this.#tokens = Math.min(QUOTA.bucket, this.#tokens + refill);
    this.#filledAt = this.now;
    if (this.#tokens < 1) {
      this.throttled += 1;
      return [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }];
    }
    this.#tokens -= 1;
    if (this.started.has(name)) return [400, { __type: 'ExecutionAlreadyExists', message: name }];
    this.started.set(name, this.now);
    return [200, { executionArn: `arn:aws:states:::execution:x:${name}`, startDate: this.now / 1_000 }];
  }
}

const stub = new Stub();
let ingest: Handler;
let relay: Handler;

beforeAll(async () => {
  await new Promise<void>((resolve) => stub.server.listen(0, '127.0.0.1', resolve));
  const { port } = stub.server.address() as AddressInfo;
  const queues = { urgent: 'http://sqs/1/urgent', standard: 'http://sqs/1/standard' };
  const rule = { channels: ['slack'], acknowledge: true, acknowledgement_window_seconds: 300, page: true };
  const env = {
    ...{ TABLE_NAME: 'table', SENDERS_SECRET_ID: 'senders', DEAD_LETTER_QUEUE_URL: 'http://sqs/1/dlq' },
    STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:x',
    SEVERITY_POLICY: JSON.stringify({ sev1: rule, sev2: rule, sev3: rule }),
    QUEUE_URLS: JSON.stringify({ slack: queues, discord: queues, zapier: queues, pagerduty: queues }),
    ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    ...{ POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' },
  };
  const start = (name: string) =>
    coldStart(join(inject('bundles'), name, 'index.js'), { env, instance: name });
  ingest = start('ingest-incident');
  relay = start('outbox-relay');
});
afterAll(() => {
  stub.server.closeAllConnections();
  stub.server.close();
});

const context = { functionName: 'storm', awsRequestId: 'storm', getRemainingTimeInMillis: () => 60_000 };

async function post(index: number): Promise<number> {
  const { event } = apiEvent(
    ['POST /events/incidents'],
    ...(['POST', '/events/incidents'] as const),
    { authorization: 'Bearer storm-token', 'content-type': 'application/json' },
    JSON.stringify({ event_id: `e${index}`, incident_id: `i${index}`, severity: 'sev1', summary: 'Storm' }),
  );
  return apiAnswer(await ingest(event, context)).status;
}

/** The relay's view of the stream: batches in order, so many at once, a failed one again after a pause. */
class RelayDriver {
  readonly #batches: { readonly items: Item[]; dueAt: number }[] = [];
  #read = 0;

  async run(): Promise<void> {
    while (this.#read < stub.outbox.length) {
      const items = stub.outbox.slice(this.#read, this.#read + RELAY.batchSize);
      this.#batches.push({ items, dueAt: stub.now });
      this.#read += items.length;
    }
    const due = this.#batches.slice(0, RELAY.atOnce).filter(({ dueAt }) => dueAt <= stub.now);
    for (const batch of due) {
      const Records = batch.items.map((NewImage) => ({ eventName: 'INSERT', dynamodb: { NewImage } }));
      try {
        await relay({ Records }, context);
        this.#batches.splice(this.#batches.indexOf(batch), 1);
      } catch {
        batch.dueAt = stub.now + RELAY.retryAfterMs;
      }
    }
  }

  get idle(): boolean {
    return this.#batches.length === 0 && this.#read === stub.outbox.length;
  }
}

it(`${INCIDENTS} incidents in a minute are all accepted, and all started in the end, none twice`, async () => {
  const driver = new RelayDriver();
  const statuses = new Map<number, number>();
  // Ten at a time: 60 ms of virtual time.
  for (let from = 0; from < INCIDENTS; from += 10) {
    stub.now = (from / INCIDENTS) * MINUTE_MS;
    const ten = await Promise.all(Array.from({ length: 10 }, (_, index) => post(from + index)));
    for (const status of ten) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    await driver.run();
  }
  while (!driver.idle) {
    stub.now += 50;
    await driver.run();
    if (stub.now > 60 * MINUTE_MS) throw new Error(`Only ${stub.started.size} started within an hour`);
  }
  expect(Object.fromEntries(statuses)).toEqual({ 202: INCIDENTS });
  expect(stub.started.size).toBe(INCIDENTS);
  expect(stub.throttled).toBeGreaterThan(0);
  const seconds = Math.max(...stub.started.values()) / 1_000;
  const bound = Math.max(60, (INCIDENTS - QUOTA.bucket) / QUOTA.perSecond);
  found('Storm', `${INCIDENTS} incidents in a minute, StartExecution throttled at 150/s`, {
    ...{ accepted: statuses.get(202) ?? 0, started: stub.started.size, 'started twice': 0 },
    // Every start is asked for twice, by intake and by the relay; the quota counts both.
    // To half a minute, so that the table does not change with the order in which the ten requests arrive.
    'all started within (s)': Math.ceil(seconds / 30) * 30,
    'bound by the quota alone (s)': Math.round(bound),
  });
  measured(
    `storm: ${stub.throttled} starts throttled, the last one made after ${seconds} s; bound ${bound} s`,
  );
}, 300_000);
