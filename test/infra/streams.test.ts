import { describe, expect, it } from 'vitest';
import { keys } from '../../lambdas/aws/keys.ts';
import { toItem } from '../../lambdas/aws/items.ts';
import { PATTERNS } from '../../lib/stream-relay.ts';
import { grantsTo } from '../support/grants.ts';
import { ofType, target } from '../support/resources.ts';
import { synthesise } from './synth.ts';

const { resources } = synthesise();
const [table] = ofType(resources, 'AWS::DynamoDB::Table');
const mappings = ofType(resources, 'AWS::Lambda::EventSourceMapping')
  .map(([, { Properties: properties }]) => properties)
  .filter((each) => target(each['EventSourceArn']) === table?.[0]);

type Pattern = Readonly<Record<string, unknown>>;

/** Lambda's event filtering, as far as our patterns use it: members are ANDed, the rules of a list ORed. */
function matches(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, rule]) => {
    const value = (event as Record<string, unknown> | undefined)?.[name];
    if (!Array.isArray(rule)) return matches(rule as Pattern, value);
    return rule.some((each: unknown) =>
      typeof each === 'string'
        ? value === each
        : typeof value === 'string' && value.startsWith((each as { prefix: string }).prefix),
    );
  });
}

const ID = '018f6b1e-0000-7000-8000-000000000000';
const items = {
  outbox: keys.outbox('alert-1'),
  // Ids are the senders': one that looks like a key of ours must not be taken for one.
  'outbox of an event called incident#1': keys.outbox('incident#1'),
  incident: keys.incident(ID),
  delivery: keys.delivery(ID, 'slack'),
  saga: keys.saga(ID, '2026-01-01T00:00:00.000Z', 'slack-given_up-1'),
  'way from incident_id': keys.incidentId('event#1', ID),
  'way from an incident_id called incident': keys.incidentId('incident', 'incident'),
};
const record = (eventName: string, key: object) => ({ eventName, dynamodb: { Keys: toItem(key) } });

const got = (pattern: Pattern) =>
  Object.entries(items).flatMap(([name, key]) =>
    ['INSERT', 'MODIFY', 'REMOVE']
      .filter((kind) => matches(pattern, record(kind, key)))
      .map((kind) => `${kind} ${name}`),
  );

describe('filters of the stream', () => {
  it('outbox-relay gets accepted events, and those that overwrite an expired one', () => {
    expect(got(PATTERNS.accepted)).toEqual([
      'INSERT outbox',
      'MODIFY outbox',
      'INSERT outbox of an event called incident#1',
      'MODIFY outbox of an event called incident#1',
    ]);
  });

  it('announce-changes gets what changes an incident', () => {
    expect(got(PATTERNS.changed)).toEqual(['MODIFY incident']);
  });
});

describe('mappings of the stream', () => {
  it('are one for each relay', () => {
    const patterns = mappings.map((each) => {
      const { Filters: filters } = each['FilterCriteria'] as { Filters: { Pattern: string }[] };
      return filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown);
    });
    expect(patterns).toEqual([[PATTERNS.accepted], [PATTERNS.changed]]);
  });

  it('lose nothing: from the beginning, and for as long as the record can still be read afterwards', () => {
    for (const each of mappings) {
      expect(each).toMatchObject({
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: -1,
      });
      // The stream keeps 24 h; the dead letter holds only a record's address.
      expect(each['MaximumRecordAgeInSeconds']).toBeLessThanOrEqual(20 * 3_600);
      const { OnFailure: to } = each['DestinationConfig'] as { OnFailure: { Destination: unknown } };
      expect(resources[target(to.Destination) ?? '']?.Type).toBe('AWS::SQS::Queue');
    }
  });

  it('lets announce-changes send to every channel', () => {
    const announcing = ofType(resources, 'AWS::Lambda::Function').find(([, { Properties: p }]) =>
      String(p['FunctionName']).endsWith('announce-changes'),
    )?.[1];
    const grants = announcing === undefined ? [] : grantsTo(resources, announcing);
    const to = grants
      .filter(({ action }) => action === 'sqs:SendMessage')
      .flatMap((grant) => grant.resources);
    const sources = ofType(resources, 'AWS::SQS::Queue').filter(
      ([, { Properties: p }]) => 'RedrivePolicy' in p,
    );
    expect(to.map(target)).toEqual(expect.arrayContaining(sources.map(([id]) => id)));
  });
});
