import { Duration } from 'aws-cdk-lib';
import { type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { deliveriesOf } from '../../lambdas/domain/channel.ts';
import { OLDEST_MESSAGE_SECONDS } from '../alarms.ts';
import { ownMetric } from '../metrics.ts';
import type { NotificationChannel } from '../notification-channel.ts';
import { heading, limit, row } from './widgets.ts';

const MINUTE = { period: Duration.minutes(1) };
const URGENCIES = ['urgent', 'standard'] as const;

/** One channel: does it deliver, how fast, what waits, what was given up. */
export function channelWidgets({
  channel,
  queues,
  deadLetterQueues,
  worker,
}: NotificationChannel): IWidget[][] {
  const told = deliveriesOf(channel).flatMap((delivery) =>
    [50, 90].map((percent) =>
      ownMetric('timeToFirstNotification', { delivery }, Stats.p(percent)).with({
        label: `${delivery} p${percent}`,
      }),
    ),
  );
  const visible = { ...MINUTE, statistic: Stats.MAXIMUM };
  return [
    [heading(`## ${channel}`)],
    row(
      { title: 'Accepted until first told (ms)', left: told },
      {
        title: 'Depth',
        left: URGENCIES.flatMap((urgency) => [
          queues[urgency].metricApproximateNumberOfMessagesVisible({ ...visible, label: urgency }),
          deadLetterQueues[urgency].metricApproximateNumberOfMessagesVisible({
            ...visible,
            label: `${urgency} dead letters`,
          }),
        ]),
      },
      {
        title: 'Oldest message (s)',
        left: URGENCIES.map((urgency) =>
          queues[urgency].metricApproximateAgeOfOldestMessage({ ...visible, label: urgency }),
        ),
        leftAnnotations: URGENCIES.map((urgency) =>
          limit(OLDEST_MESSAGE_SECONDS[urgency], `alarm, ${urgency}`),
        ),
      },
      {
        title: 'Failures',
        left: [
          ownMetric('deliveryAttemptFailed', { channel }).with({ label: 'attempts failed' }),
          ownMetric('deliveryGivenUp', { channel }).with({ label: 'given up' }),
          worker.metricErrors({ ...MINUTE, statistic: Stats.SUM, label: 'worker errors' }),
          worker.metricThrottles({ ...MINUTE, statistic: Stats.SUM, label: 'worker throttled' }),
        ],
      },
    ),
  ];
}
