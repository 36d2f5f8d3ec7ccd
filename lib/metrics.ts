import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, NAMESPACE, SERVICE } from '../lambdas/domain/metrics.ts';

/** A metric that the functions write, per minute. */
export const ownMetric = (
  metric: keyof typeof METRICS,
  dimensions: Readonly<Record<string, string>> = {},
  statistic: string = Stats.SUM,
): Metric =>
  new Metric({
    namespace: NAMESPACE,
    metricName: METRICS[metric].name,
    dimensionsMap: { service: SERVICE, ...dimensions },
    period: Duration.minutes(1),
    statistic,
  });
