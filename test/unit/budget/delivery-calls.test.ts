import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AwsStub, startAwsStub } from '../../../bin/bench/aws-stub.ts';
import { incidentEvent } from '../../../bin/bench/events.ts';
import { DeliveryStore } from '../../../lambdas/aws/delivery-store.ts';
import { IncidentStore } from '../../../lambdas/aws/incident-store.ts';
import { incidentItem, toItem } from '../../../lambdas/aws/items.ts';
import { WorkflowCallbacks } from '../../../lambdas/aws/workflow.ts';
import { incidentOf, type Envelope } from '../../../lambdas/domain/envelope.ts';
import type { IncidentFact } from '../../../lambdas/domain/incident.ts';
import type { DeliveryDependencies } from '../../../lambdas/runtime/delivery-dependencies.ts';

vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
const { deliver } = await import('../../../lambdas/runtime/deliver.ts');

const AT = '2026-01-05T10:42:00.000Z';
const incident = incidentOf({
  correlation_id: '01945d3c-0000-7000-8000-000000000000',
  received_at: AT,
  event: { ...incidentEvent('e'), status: 'triggered' } as Envelope['event'],
  priority: 'p1',
  rule: { channels: ['slack'], acknowledge: true, acknowledgement_window_seconds: 300, page: true },
  deliveries: ['slack'],
});
const acknowledged: IncidentFact = {
  step: 'acknowledged',
  at: AT,
  by: { provider: 'api', id: 'a', name: 'a' },
};
const delivery = {
  ...{ pk: `incident#${incident.correlation_id}`, sk: 'delivery#slack', status: 'delivered', attempts: 1 },
  ...{ calls: 1, facts_shown: 1, started_at: AT, reference: { ts: '1' } },
};

let aws: AwsStub;
let deps: DeliveryDependencies;
let facts = incident.facts;
const notify = vi.fn(() => {
  told.push(aws.calls.size);
  return Promise.resolve({ ts: '1' });
});
/** Kinds of AWS calls that were made when the provider was called. */
const told: number[] = [];

beforeAll(async () => {
  aws = await startAwsStub((operation) => {
    if (operation.endsWith('.GetItem')) {
      return { body: { Item: incidentItem({ ...incident, facts }, { expiresAt: 0, watchAt: AT }) } };
    }
    return operation.endsWith('.UpdateItem') ? { body: { Attributes: toItem(delivery) } } : undefined;
  });
  const config = {
    endpoint: aws.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const dynamoDb = new DynamoDBClient(config);
  deps = {
    incidents: new IncidentStore(dynamoDb, 'table'),
    deliveries: new DeliveryStore(dynamoDb, 'table'),
    workflow: new WorkflowCallbacks(new SFNClient(config)),
    channel: () => Promise.resolve({ name: 'slack', notify, update: () => Promise.resolve() }),
    retry: { tries: 3, base_seconds: 1, cap_seconds: 10 },
    now: () => new Date(AT),
    random: () => 0,
  };
});
beforeEach(() => {
  aws.calls.clear();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const carrier = { messageId: 'm', receiveCount: 1 };
const job = { correlation_id: incident.correlation_id, delivery: 'slack' } as const;
const counts = () =>
  Object.fromEntries([...aws.calls].map(([name, count]) => [name.split('.')[1] ?? name, count]));

describe('a delivery', () => {
  it('tells with five AWS calls, the incident and the claim before the provider and the rest after', async () => {
    await deliver({ ...job, kind: 'notify', task_token: 'token' }, carrier, deps);
    expect(counts()).toEqual({ GetItem: 2, UpdateItem: 2, SendTaskSuccess: 1 });
    expect(told).toEqual([2]);
  });

  it('brings a message up to date with five', async () => {
    facts = [...incident.facts, acknowledged];
    await deliver({ ...job, kind: 'update' }, carrier, deps);
    // The delivery, the incident, the claim, the end of it, and whether the incident changed meanwhile.
    expect(counts()).toEqual({ GetItem: 3, UpdateItem: 2 });
  });
});
