import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { clients } from '../aws/clients.ts';
import { METRICS, NAMESPACE, SERVICE } from '../domain/metrics.ts';
import { isSampled } from './env.ts';
import type { inSpan } from './tracing.ts';

export const logger = new Logger({ serviceName: SERVICE });
const metrics = new Metrics({ namespace: NAMESPACE, serviceName: SERVICE });

/**
 * Records one value, on its own, with the dimensions given.
 *
 * @param correlationId the incident that it is of: no dimension, which would be a metric for each, but a property of
 *   the log line, in which it can be searched
 */
export function measure(
  metric: keyof typeof METRICS,
  value: number,
  dimensions: Readonly<Record<string, string>> = {},
  correlationId?: string,
): void {
  const { name, unit } = METRICS[metric];
  if (correlationId !== undefined) metrics.addMetadata('correlation_id', correlationId);
  for (const [dimension, of] of Object.entries(dimensions)) metrics.addDimension(dimension, of);
  metrics.addMetric(name, unit, value);
  // At once, not when the invocation ends: each value has dimensions of its own, and a crash loses none.
  metrics.publishStoredMetrics();
}

/**
 * Runs one step of an incident's way under its correlation id: its duration becomes a metric, and the step a span.
 *
 * @example
 * await tracedStep('deliver slack', incident.correlation_id, () => channel.notify(context));
 */
export async function tracedStep<T>(step: string, correlationId: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await traced(step, correlationId, run);
  } finally {
    const duration_ms = Math.round(performance.now() - started);
    measure('stepDuration', duration_ms, { step }, correlationId);
    logger.debug(step, { correlation_id: correlationId, duration_ms });
  }
}

/**
 * Runs a step as a span, where X-Ray samples the invocation: annotated with the correlation id, and keeping what the
 * step threw. For a step whose duration another metric has already.
 */
export async function traced<T>(step: string, correlationId: string, run: () => Promise<T>): Promise<T> {
  const span = isSampled() ? await spans() : undefined;
  return span === undefined ? run() : span(step, { correlation_id: correlationId }, run);
}

let loading: Promise<typeof inSpan | undefined> | undefined;

/** Loads the tracer, once. Work goes on untraced where it cannot be had. */
function spans(): Promise<typeof inSpan | undefined> {
  return (loading ??= import('#tracing').then(
    (tracing) => {
      clients.forEach(tracing.watch);
      return tracing.inSpan;
    },
    (error: unknown) => {
      logger.warn('Tracing is not available', { error });
      return undefined;
    },
  ));
}
