import { Tracer } from '@aws-lambda-powertools/tracer';
import { SERVICE } from '../domain/metrics.ts';

/**
 * Loaded by telemetry.ts when the first sampled invocation comes, and not before. The tracer's own option of watching
 * every HTTP request stays off: it would record the providers' addresses, and a Zap's is a credential.
 */
const tracer = new Tracer({ serviceName: SERVICE, captureHTTPsRequests: false });

/** Makes each call of an AWS client a span of its own, with its operation. */
export function watch(client: object): void {
  tracer.captureAWSv3Client(client);
}

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
