import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

interface Span {
  readonly name: string;
  readonly id: string;
  readonly parent_id: string;
  readonly trace_id: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly fault?: boolean;
  readonly cause?: { readonly exceptions: readonly { readonly message: string }[] };
}

const daemon = createSocket('udp4');
const spans: Span[] = [];
daemon.on('message', (packet) => spans.push(JSON.parse(packet.toString().split('\n')[1] ?? '') as Span));

/** A trace header as Lambda sets it. */
const header = (trace: number, sampled: 0 | 1) =>
  `Root=1-5759e988-${String(trace).padStart(24, '0')};Parent=557abcec3ee5a047;Sampled=${sampled}`;

/** Whether the X-Ray SDK, a CommonJS package, was loaded into this process. */
const isLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('aws-xray-sdk-core'));

beforeAll(async () => {
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', `127.0.0.1:${daemon.address().port}`);
  vi.stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs24.x');
  vi.stubEnv('LAMBDA_TASK_ROOT', '/var/task');
});
afterEach(() => {
  spans.length = 0;
});
afterAll(() => {
  daemon.close();
  vi.unstubAllEnvs();
});

vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
const { tracedStep } = await import('../../../lambdas/runtime/telemetry.ts');

describe('tracedStep', () => {
  it('does not so much as load the tracer where nothing is sampled, or tracing is off', async () => {
    await expect(tracedStep('step', 'id', () => Promise.resolve(1))).resolves.toBe(1);
    vi.stubEnv('_X_AMZN_TRACE_ID', header(1, 0));
    await expect(tracedStep('step', 'id', () => Promise.resolve(2))).resolves.toBe(2);
    vi.stubEnv('_X_AMZN_TRACE_ID', header(1, 1));
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'false');
    await expect(tracedStep('step', 'id', () => Promise.resolve(3))).resolves.toBe(3);
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', undefined);
    expect(isLoaded()).toBe(false);
  });

  it('is a span with the correlation id as annotation where the invocation is sampled', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', header(2, 1));
    await tracedStep('notify slack', 'correlation-2', () => Promise.resolve());
    const [span] = await arrived(1);
    expect(isLoaded()).toBe(true);
    expect(span).toMatchObject({
      name: 'notify slack',
      parent_id: '557abcec3ee5a047',
      trace_id: `1-5759e988-${'2'.padStart(24, '0')}`,
      annotations: { correlation_id: 'correlation-2', Service: 'incident-orchestrator' },
    });
  });

  it('keeps on the span what the step threw, and throws it', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', header(3, 1));
    const step = tracedStep('notify slack', 'id', () => Promise.reject(new TypeError('no such channel')));
    await expect(step).rejects.toThrow('no such channel');
    const [span] = await arrived(1);
    expect(span).toMatchObject({ fault: true, cause: { exceptions: [{ message: 'no such channel' }] } });
  });

  it('tells apart steps that run side by side, and belongs to the invocation that is running', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', header(4, 1));
    const ids = ['a', 'b', 'c'];
    await Promise.all(
      ids.map((id) =>
        tracedStep('outer', id, () =>
          tracedStep('inner', id, () => new Promise((done) => setTimeout(done, 5))),
        ),
      ),
    );
    const all = await arrived(6);
    for (const inner of all.filter(({ name }) => name === 'inner')) {
      const outer = all.find(({ id }) => id === inner.parent_id);
      expect(outer?.annotations?.['correlation_id']).toBe(inner.annotations?.['correlation_id']);
      expect(inner.trace_id).toBe(`1-5759e988-${'4'.padStart(24, '0')}`);
    }
  });
});

/** UDP on the loopback: in order, and in a moment. */
async function arrived(count: number): Promise<readonly Span[]> {
  await vi.waitFor(() => {
    expect(spans.length).toBeGreaterThanOrEqual(count);
  });
  return spans;
}
