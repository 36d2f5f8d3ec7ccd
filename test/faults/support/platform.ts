import type { Message } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import { setTimeout as delay } from 'node:timers/promises';
import { clock } from './clock.ts';
import { type Queue, queuesOf } from './stage.ts';
import { tableStream, type TableStream } from './table-stream.ts';
import type { World } from './world.ts';

const RELAYS = ['outbox-relay', 'announce-changes'] as const;
export const WORKERS = ['slack-worker', 'discord-worker', 'zapier-worker', 'pagerduty-worker'] as const;
/** What SQS waits before it hands out the message of a worker that died. */
const VISIBILITY_SECONDS = 90;
/** A batch of records that still fails then is a defect of the relay, not of the weather. */
const STREAM_TRIES = 12;

/** Does what Lambda's event source mappings do: stream to relays, queues to workers, again and again where it fails. */
export class Platform {
  readonly #world: World;
  readonly #stream: TableStream;
  readonly #patienceMs: number;
  readonly #queues: { worker: string; queue: Queue }[];
  readonly #relays: { relay: string; properties: Readonly<Record<string, unknown>> }[];
  /** The queues looked at; the fewer, the quicker. */
  watched = /-urgent$/;
  /** The highest receive count that a message has had. */
  mostReceives = 0;
  /** Workers whose queues are not looked at, as if their mappings were disabled. */
  readonly held = new Set<string>();
  /** Called with each message that was received; false puts it back, which counts as a receive. */
  admits: (worker: string, message: Message) => boolean = () => true;

  /** @param patienceMs how long something may take to come about */
  constructor(world: World, patienceMs = 20_000) {
    this.#patienceMs = patienceMs;
    this.#world = world;
    this.#stream = tableStream(world.call, world.stage.streamArn);
    this.#relays = RELAYS.map((relay) => {
      const mapping = world.stage.template.mappings().find(({ handler }) => handler === relay);
      if (mapping === undefined) throw new Error(`Nothing is mapped to ${relay}`);
      return { relay, properties: mapping.properties };
    });
    this.#queues = WORKERS.flatMap((worker) =>
      queuesOf(world.stage, worker).map((queue) => ({ worker, queue })),
    );
  }

  /** The queues that are watched, and all dead-letter queues behind them and the relays. */
  get reach(): RegExp {
    return new RegExp(
      `${this.watched.source.replace(/\$$/, '')}(-dlq)?$|^(outbox-relay|announce-changes)-dlq$`,
    );
  }

  /** One look at everything that may have something to do. @returns whether there was anything */
  async pump(): Promise<boolean> {
    const fromStream = await this.pumpStream();
    const fromQueues = await this.pumpQueues();
    return fromStream || fromQueues;
  }

  /** Runs until there is something to see. */
  async until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + this.#patienceMs;
    for (;;) {
      while (await this.pump());
      const seen = await look();
      if (seen !== undefined) return seen;
      if (performance.now() > deadline) throw new Error(`It never came to: ${what}`);
      // Step Functions works in the engine's own time.
      await delay(20);
    }
  }

  async pumpStream(): Promise<boolean> {
    const records = await this.#stream.read();
    for (const { relay, properties } of this.#relays) {
      const wanted = records.filter((record) => passes(record, properties));
      for (let from = 0; from < wanted.length; from += 10) {
        await this.#deliverRecords(relay, wanted.slice(from, from + 10));
      }
    }
    return records.length > 0;
  }

  async #deliverRecords(relay: string, records: readonly DynamoDBRecord[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const ended = await this.#world.invoke(relay, { Records: records });
      if (ended.how === 'answered') return;
      if (attempt === STREAM_TRIES)
        throw new Error(`${relay} never got through its records`, { cause: ended });
      clock.advance(1);
    }
  }

  async pumpQueues(): Promise<boolean> {
    const worked = await Promise.all(
      this.#queues
        .filter(({ worker, queue }) => this.watched.test(queue.name) && !this.held.has(worker))
        .map(({ worker, queue }) => this.pumpQueue(worker, queue)),
    );
    return worked.includes(true);
  }

  /** Hands one message of the queue to the worker, as a batch of one. */
  async pumpQueue(worker: string, queue: Queue): Promise<boolean> {
    const { call } = this.#world;
    const QueueUrl = queue.url;
    const { Messages: [message] = [] } = await call<{ Messages?: Message[] }>('AmazonSQS.ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 1,
      AttributeNames: ['All'],
      WaitTimeSeconds: 0,
    });
    if (message === undefined) return false;
    const { ReceiptHandle = '' } = message;
    const putBack = () =>
      call('AmazonSQS.ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    if (!this.admits(worker, message)) {
      await putBack();
      return false;
    }
    const receives = Number(message.Attributes?.ApproximateReceiveCount);
    this.mostReceives = Math.max(this.mostReceives, receives);
    const ended = await this.#world.invoke(worker, { Records: [sqsRecord(message, queue)] });
    const failed =
      ended.how !== 'answered' ||
      (ended.value as { batchItemFailures: unknown[] }).batchItemFailures.length > 0;
    if (!failed) {
      await call('AmazonSQS.DeleteMessage', { QueueUrl, ReceiptHandle });
      return true;
    }
    // It comes again when the worker said so, or when its visibility runs out.
    clock.advance(this.#world.proxy.putOff.get(ReceiptHandle) ?? VISIBILITY_SECONDS);
    await putBack();
    return true;
  }
}

const sqsRecord = (message: Message, queue: Queue) => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes,
  messageAttributes: {},
  md5OfBody: message.MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: queue.arn,
  awsRegion: 'us-east-1',
});

/** Whether a record passes the mapping's filters. */
export function passes(record: unknown, mapping: Readonly<Record<string, unknown>>): boolean {
  const filters = (mapping['FilterCriteria'] as { Filters: { Pattern: string }[] } | undefined)?.Filters;
  if (filters === undefined) throw new Error('The mapping has no filter');
  return filters.some(({ Pattern }) => matches(record, JSON.parse(Pattern)));
}

/** Lambda's filter patterns, as far as the stack uses them: members, lists of values, prefixes. */
function matches(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((option) => equals(value, option));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(pattern as object).every(([name, member]) =>
    matches((value as Record<string, unknown>)[name], member),
  );
}

function equals(value: unknown, option: unknown): boolean {
  if (typeof option !== 'object' || option === null) return value === option;
  const [[kind, operand] = ['', '']] = Object.entries(option);
  if (kind !== 'prefix') throw new Error(`A filter that is not understood here: ${kind}`);
  return typeof value === 'string' && value.startsWith(String(operand));
}
