import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../lambdas/domain/channel.ts';
import { ofType, target } from '../support/resources.ts';
import { synthesise } from './synth.ts';

const { resources, settings } = synthesise();
const queues = ofType(resources, 'AWS::SQS::Queue');
const mappings = ofType(resources, 'AWS::Lambda::EventSourceMapping').map(([, each]) => each.Properties);

interface Redrive {
  readonly deadLetterTargetArn: unknown;
  readonly maxReceiveCount: number;
}
const redriveOf = (id: string) => resources[id]?.Properties['RedrivePolicy'] as Redrive | undefined;
const numberOf = (id: string, property: string) => Number(resources[id]?.Properties[property]);
const timeoutOf = (functionId: string | undefined) => numberOf(functionId ?? '', 'Timeout');

/** Queues that something is moved to: by SQS, or by a stream's mapping. */
const deadLetterQueues = new Set([
  ...queues.map(([id]) => target(redriveOf(id)?.deadLetterTargetArn)),
  ...mappings.map((each) => {
    const config = each['DestinationConfig'] as { OnFailure: { Destination: unknown } } | undefined;
    return target(config?.OnFailure.Destination);
  }),
]);
const sources = queues.map(([id]) => id).filter((id) => !deadLetterQueues.has(id));

describe('queues', () => {
  it('are an urgent and a standard one for each channel', () => {
    const names = sources.map((id) => resources[id]?.Properties['QueueName']);
    const expected = CHANNELS.flatMap((name) => [`${name}-urgent`, `${name}-standard`]);
    expect(names.sort()).toEqual(expected.map((name) => `${settings.stack_name}-${name}`).sort());
  });

  it('have a dead-letter queue of their own, or are one', () => {
    const targets = sources.map((id) => target(redriveOf(id)?.deadLetterTargetArn));
    expect(targets).not.toContain(undefined);
    expect(new Set(targets).size).toBe(sources.length);
  });

  it.each(sources)('%s keeps dead letters longer than messages', (id) => {
    const deadLetterQueue = target(redriveOf(id)?.deadLetterTargetArn) ?? '';
    const kept = numberOf(deadLetterQueue, 'MessageRetentionPeriod');
    expect(kept).toBeGreaterThan(numberOf(id, 'MessageRetentionPeriod'));
  });

  it.each(sources)('%s hides a message for at least 6 × the timeout of its worker', (id) => {
    const readers = mappings.filter((each) => target(each['EventSourceArn']) === id);
    expect(readers).toHaveLength(1);
    const timeout = timeoutOf(target(readers[0]?.['FunctionName']));
    expect(numberOf(id, 'VisibilityTimeout')).toBeGreaterThanOrEqual(6 * timeout);
  });

  it.each(CHANNELS)('of %s give up no message before all its tries', (channel) => {
    const own = sources.filter((id) =>
      String(resources[id]?.Properties['QueueName']).startsWith(`${settings.stack_name}-${channel}-`),
    );
    for (const id of own) {
      expect(redriveOf(id)?.maxReceiveCount).toBeGreaterThan(settings.retry[channel].tries);
      // SQS's limit.
      expect(redriveOf(id)?.maxReceiveCount).toBeLessThanOrEqual(1_000);
    }
  });

  it('are encrypted, and take no plain HTTP', () => {
    const refusing = ofType(resources, 'AWS::SQS::QueuePolicy')
      .filter(([, { Properties: p }]) => JSON.stringify(p).includes('"aws:SecureTransport":"false"'))
      .flatMap(([, { Properties: p }]) => (p['Queues'] as unknown[]).map(target));
    for (const [id, { Properties: p }] of queues) {
      expect(p['SqsManagedSseEnabled'], id).toBe(true);
      expect(refusing).toContain(id);
    }
  });
});

describe('mappings of queues', () => {
  const ofQueues = mappings.filter((each) => sources.includes(target(each['EventSourceArn']) ?? ''));

  it('report each message for itself', () => {
    expect(ofQueues).toHaveLength(sources.length);
    for (const each of ofQueues) expect(each['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
  });

  it('give a Sev1 more workers than a backlog of the others', () => {
    const concurrency = (urgency: string) =>
      ofQueues
        .filter((each) => (target(each['EventSourceArn']) ?? '').includes(urgency))
        .map((each) => (each['ScalingConfig'] as { MaximumConcurrency: number }).MaximumConcurrency);
    expect(Math.min(...concurrency('urgent'))).toBeGreaterThan(Math.max(...concurrency('standard')));
  });
});
