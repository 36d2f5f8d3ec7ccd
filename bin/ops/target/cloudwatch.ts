import type { CommandContext } from '../command-context.ts';
import { callJsonApi, CLOUDWATCH } from './signed.ts';

export interface FiringAlarm {
  readonly name: string;
  /** `<what it means> What to do: <runbook>#<section>`. */
  readonly description: string;
  readonly reason: string;
  readonly since: string | undefined;
}

/** The stack's alarms that are in alarm. */
export async function firingAlarms(ops: CommandContext): Promise<FiringAlarm[]> {
  const found: FiringAlarm[] = [];
  let next: unknown;
  do {
    const page = await callJsonApi(ops.target, ops.clients, CLOUDWATCH, 'DescribeAlarms', {
      AlarmNamePrefix: `${ops.target.stackName}-`,
      StateValue: 'ALARM',
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const alarms = Array.isArray(page['MetricAlarms'])
      ? (page['MetricAlarms'] as Record<string, unknown>[])
      : [];
    for (const alarm of alarms) {
      const at = alarm['StateUpdatedTimestamp'];
      found.push({
        name: textOf(alarm['AlarmName']),
        description: textOf(alarm['AlarmDescription']),
        reason: textOf(alarm['StateReason']),
        since:
          typeof at === 'number'
            ? new Date(at * 1_000).toISOString()
            : typeof at === 'string'
              ? at
              : undefined,
      });
    }
    next = page['NextToken'] ?? undefined;
  } while (next !== undefined);
  return found;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Two of SQS's one-minute data points, which come a minute late. */
const LOOK_BACK_MS = 5 * 60_000;

/** Seconds that the oldest message of each queue waits, by queue name; a queue without data is absent. */
export async function oldestMessageAges(
  ops: CommandContext,
  queues: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const now = ops.now().getTime();
  const answer = await callJsonApi(ops.target, ops.clients, CLOUDWATCH, 'GetMetricData', {
    StartTime: Math.floor((now - LOOK_BACK_MS) / 1_000),
    EndTime: Math.ceil(now / 1_000),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: queues.map((queue, index) => ({
      Id: `q${index}`,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateAgeOfOldestMessage',
          Dimensions: [{ Name: 'QueueName', Value: queue }],
        },
        Period: 60,
        Stat: 'Maximum',
      },
    })),
  });
  const results = (answer['MetricDataResults'] ?? []) as { Id?: string; Values?: number[] }[];
  return new Map(
    results.flatMap(({ Id = '', Values: [newest] = [] }) => {
      const queue = queues[Number(Id.slice(1))];
      return queue === undefined || newest === undefined ? [] : [[queue, newest] as const];
    }),
  );
}
