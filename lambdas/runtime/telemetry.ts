import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** The one namespace and service name: metrics, logs and dashboard meet in it. */
export const SERVICE = 'incident-orchestrator';

export const logger = new Logger({ serviceName: SERVICE });
export const metrics = new Metrics({ namespace: 'IncidentOrchestrator', serviceName: SERVICE });

/** Every metric there is, with its unit. Dashboards and alarms name them by this map. */
export const METRICS = {
  accepted: { name: 'IncidentsAccepted', unit: MetricUnit.Count },
  duplicates: { name: 'IncidentsDuplicate', unit: MetricUnit.Count },
  rejected: { name: 'RequestsRejected', unit: MetricUnit.Count },
  startDeferred: { name: 'ExecutionStartsDeferred', unit: MetricUnit.Count },
  timeToFirstNotification: { name: 'TimeToFirstNotification', unit: MetricUnit.Milliseconds },
  timeToAcknowledge: { name: 'TimeToAcknowledge', unit: MetricUnit.Milliseconds },
  escalated: { name: 'IncidentsEscalated', unit: MetricUnit.Count },
  resolved: { name: 'IncidentsResolved', unit: MetricUnit.Count },
  deliveryAttemptFailed: { name: 'DeliveryAttemptsFailed', unit: MetricUnit.Count },
  deliveryGivenUp: { name: 'DeliveriesGivenUp', unit: MetricUnit.Count },
  stepDuration: { name: 'StepDuration', unit: MetricUnit.Milliseconds },
} as const;

/** Records one value, on its own, with the dimensions given. */
export function measure(
  metric: keyof typeof METRICS,
  value: number,
  dimensions: Readonly<Record<string, string>> = {},
): void {
  const { name, unit } = METRICS[metric];
  const single = metrics.singleMetric();
  for (const [dimension, of] of Object.entries(dimensions)) single.addDimension(dimension, of);
  single.addMetric(name, unit, value);
}

/**
 * Runs one step of an incident's way under its correlation id: its duration becomes a metric, its failure a log line.
 *
 * @example
 * await tracedStep('deliver slack', incident.correlation_id, () => channel.notify(context));
 */
export async function tracedStep<T>(step: string, correlationId: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await run();
  } finally {
    const duration_ms = Math.round(performance.now() - started);
    measure('stepDuration', duration_ms, { step });
    logger.debug(step, { correlation_id: correlationId, duration_ms });
  }
}
