import { Duration } from 'aws-cdk-lib';
import {
  type IMetric,
  type IWidget,
  MathExpression,
  type Metric,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SEVERITIES, type SeverityPolicy } from '../../lambdas/domain/severity.ts';
import { ownMetric } from '../metrics.ts';
import type { NotificationChannel } from '../notification-channel.ts';
import { heading, row, sum } from './widgets.ts';

/** What incident command asks first; `npm run ops -- kpis` has the same from the incidents themselves. */
export interface KpiProps {
  readonly policy: SeverityPolicy;
  readonly channels: readonly NotificationChannel[];
}

const ESCALATION_REASONS = ['not_acknowledged', 'nobody_reachable'] as const;
/** Providers in which a person can acknowledge. */
const ACKNOWLEDGED_IN = ['slack', 'discord', 'pagerduty', 'api'] as const;

export function kpiWidgets({ policy, channels }: KpiProps): IWidget[][] {
  const time = (statistic: string, label: string) =>
    ownMetric('timeToAcknowledge', {}, statistic).with({ label });
  const escalated = ESCALATION_REASONS.map((reason) =>
    ownMetric('escalated', { reason }).with({ label: reason }),
  );
  const accepted = SEVERITIES.map((severity) =>
    ownMetric('accepted', { severity }).with({ label: severity }),
  );
  const waiting = sum(
    'queue',
    'messages that wait',
    channels.flatMap(({ queues }) =>
      Object.values(queues).map((queue) =>
        queue.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(1),
          statistic: Stats.MAXIMUM,
        }),
      ),
    ),
  );
  const share = escalatedShare(policy);
  const { P50, P90 } = { P50: time(Stats.p(50), 'p50'), P90: time(Stats.p(90), 'p90') };
  return [
    [heading('## How fast people answer')],
    [
      value('Time to acknowledge, last day', [daily(P50), daily(P90)]),
      value('Escalated, last day', [daily(share)]),
      value('Accepted, last day', accepted.map(daily)),
      // Now, not over the day.
      value('Queue depth', [waiting]),
    ],
    row(
      { title: 'Time to acknowledge (ms)', left: [P50, P90] },
      {
        title: 'Acknowledged, by where',
        left: ACKNOWLEDGED_IN.map((provider) =>
          ownMetric('timeToAcknowledge', { provider }, Stats.SAMPLE_COUNT).with({ label: provider }),
        ),
      },
      {
        title: 'Escalated, by reason; resolved',
        left: [...escalated, ownMetric('resolved').with({ label: 'resolved' })],
      },
      { title: 'Accepted, by severity', left: accepted },
    ),
  ];
}

/** Of the incidents whose severity pages, in percent. */
function escalatedShare(policy: SeverityPolicy): MathExpression {
  const paging = SEVERITIES.filter((severity) => policy[severity].page);
  const part = sum(
    'escalated',
    'escalated',
    ESCALATION_REASONS.map((reason) => ownMetric('escalated', { reason })),
  );
  const whole = sum(
    'accepted',
    'accepted',
    paging.map((severity) => ownMetric('accepted', { severity })),
  );
  return new MathExpression({
    expression: 'IF(whole > 0, 100 * part / whole)',
    usingMetrics: { part, whole },
    label: '% of those that page',
  });
}

const DAY = Duration.days(1);
const daily = (metric: Metric | MathExpression): IMetric => metric.with({ period: DAY });

const value = (title: string, metrics: IMetric[]): SingleValueWidget =>
  new SingleValueWidget({ title, metrics, width: 6, height: 4, setPeriodToTimeRange: false });
