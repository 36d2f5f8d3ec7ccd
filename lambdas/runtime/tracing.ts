import { Tracer } from '@aws-lambda-powertools/tracer';
import { SERVICE } from '../domain/metrics.ts';

/**
 * Loaded by telemetry.ts when the first sampled invocation comes, and not before: the X-Ray SDK costs a fifth of all
 * else that a cold start does. From then on every call to AWS is a span as well. Those to providers are not: the
 * tracer would record their addresses, and a Zap's is a credential.
 */
const tracer = new Tracer({ serviceName: SERVICE, captureHTTPsRequests: false });
// What the option leaves off is the SDK's https and the providers' fetch; this is the SDK's alone.
if (tracer.isTracingEnabled()) tracer.provider.captureHTTPsGlobal();

/** Runs `work` as a span; what it throws is kept on the span. */
export async function inSpan<T>(
  name: string,
  annotations: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  if (!tracer.isTracingEnabled()) return work();
  return (await tracer.provider.captureAsyncFunc(name, async (span) => {
    tracer.annotateColdStart();
    tracer.addServiceNameAnnotation();
    for (const [key, value] of Object.entries(annotations)) tracer.putAnnotation(key, value);
    try {
      return await work();
    } catch (error) {
      tracer.addErrorAsMetadata(error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
      span?.close();
    }
  })) as T;
}
