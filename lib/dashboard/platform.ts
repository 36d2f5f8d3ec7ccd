import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IWidget, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AUDIT_FINDINGS } from '../../lambdas/domain/audit.ts';
import { METRICS, NAMESPACE } from '../../lambdas/domain/metrics.ts';
import { ANSWER_LIMIT_MS, ANSWERED_IN_TIME } from '../alarms.ts';
import type { BundledFunction } from '../bundled-function.ts';
import { ownMetric } from '../metrics.ts';
import type { StreamRelay } from '../stream-relay.ts';
import { type GraphProps, heading, limit, row } from './widgets.ts';

export interface PlatformProps {
  readonly api: HttpApi;
  readonly stateMachine: StateMachine;
  readonly table: Table;
  readonly relays: readonly StreamRelay[];
  /** Every function but the channels' workers. */
  readonly functions: readonly BundledFunction[];
}

const MINUTE = { period: Duration.minutes(1) };
const SUM = { ...MINUTE, statistic: Stats.SUM };

/** What everything stands on. */
export function platformWidgets(props: PlatformProps): IWidget[][] {
  return [
    [heading('## Platform')],
    row(requests(props), answers(), workflow(props), relays(props)),
    row(functions(props), table(props), caretakers(), steps()),
  ];
}

const requests = ({ api }: PlatformProps): GraphProps => ({
  title: 'API',
  left: [
    api.metricCount({ ...SUM, label: 'requests' }),
    api.metricClientError({ ...SUM, label: '4xx' }),
    api.metricServerError({ ...SUM, label: '5xx' }),
    found('duplicates', 'sender', 'duplicates'),
    found('rejected', 'status', 'refused'),
    ownMetric('startDeferred').with({ label: 'starts left to the relay' }),
  ],
  right: [api.metricLatency({ ...MINUTE, statistic: Stats.p(90), label: 'latency p90 (ms)' })],
});

const answers = (): GraphProps => ({
  title: 'Answers to Slack and Discord (ms, the slowest)',
  left: ANSWERED_IN_TIME.map((route) =>
    ownMetric('answerTime', { route }, Stats.MAXIMUM).with({ label: route }),
  ),
  right: [ownMetric('heartbeatDuration', {}, Stats.MAXIMUM).with({ label: 'heartbeat, there and back' })],
  leftAnnotations: [limit(ANSWER_LIMIT_MS, 'they give up')],
});

const workflow = ({ stateMachine }: PlatformProps): GraphProps => ({
  title: 'Executions',
  left: [
    stateMachine.metricStarted({ ...SUM, label: 'started' }),
    stateMachine.metricSucceeded({ ...SUM, label: 'succeeded' }),
    stateMachine.metricFailed({ ...SUM, label: 'failed' }),
    stateMachine.metricTimedOut({ ...SUM, label: 'timed out' }),
    stateMachine.metricThrottled({ ...SUM, label: 'throttled' }),
  ],
});

const relays = (props: PlatformProps): GraphProps => ({
  title: 'Stream relays: age of the oldest record (ms)',
  left: props.relays.map(({ function: fn }) =>
    fn.metric('IteratorAge', { ...MINUTE, statistic: Stats.MAXIMUM, label: fn.entry }),
  ),
});

const functions = (props: PlatformProps): GraphProps => ({
  title: 'Function errors',
  left: props.functions.map((fn) => fn.metricErrors({ ...SUM, label: fn.entry })),
});

const table = ({ table: { tableName } }: PlatformProps): GraphProps => ({
  title: 'Table: throttled requests',
  left: [
    new MathExpression({
      expression: `SEARCH('{AWS/DynamoDB,TableName,Operation} MetricName="ThrottledRequests" TableName="${tableName}"', 'Sum', 60)`,
      usingMetrics: {},
      label: '',
    }),
  ],
});

const caretakers = (): GraphProps => ({
  title: 'Breaker, auditor, heartbeat',
  left: [
    ownMetric('breakerOpened').with({ label: 'breaker opened' }),
    ownMetric('breakerOpen', {}, Stats.MAXIMUM).with({ label: 'breaker is open' }),
    ownMetric('heartbeatReturned', {}, Stats.MAXIMUM).with({ label: 'heartbeat returned' }),
    ...AUDIT_FINDINGS.map((finding) => ownMetric('auditFindings', { finding }).with({ label: finding })),
  ],
});

/** The sum over a dimension whose values nobody can list. */
const found = (metric: keyof typeof METRICS, dimension: string, label: string): MathExpression =>
  new MathExpression({
    expression: `SUM(SEARCH('{${NAMESPACE},service,${dimension}} MetricName="${METRICS[metric].name}"', 'Sum', 60))`,
    usingMetrics: {},
    label,
  });

/** Steps have names that grow with the channels, so they are searched for. */
const steps = (): GraphProps => ({
  title: 'Steps (ms, p90)',
  left: [
    new MathExpression({
      expression: `SEARCH('{${NAMESPACE},service,step} MetricName="${METRICS.stepDuration.name}"', 'p90', 60)`,
      usingMetrics: {},
      label: '',
    }),
  ],
});
