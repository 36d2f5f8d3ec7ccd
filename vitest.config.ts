import { defineConfig } from 'vitest/config';

/**
 * For tests against the local engine: half of their time they wait, for it or for a window to end, and vitest's own one
 * worker on two cores would leave one idle.
 */
const ENGINE = { maxWorkers: 2 };

/** One project per kind of test; `npm run check` runs the quick ones, `npm test` all of them. */
const project = (name: string, include: string, extra: Record<string, unknown> = {}) => ({
  test: { name, include: [include], environment: 'node' as const, ...extra },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 'test/unit/**/*.test.ts'),
      project('contract', 'test/contract/**/*.test.ts'),
      project('infra', 'test/infra/**/*.test.ts', {
        // aws-cdk-lib is loaded once, not once a file: half of the run.
        isolate: false,
        fileParallelism: false,
        testTimeout: 60_000,
        hookTimeout: 120_000,
      }),
      project('faults', 'test/faults/**/*.test.ts', {
        ...ENGINE,
        globalSetup: 'test/faults/support/setup.ts',
        // Handlers started by the tests have an environment of their own; this is for code that is imported.
        env: { POWERTOOLS_METRICS_DISABLED: 'true', POWERTOOLS_LOG_LEVEL: 'SILENT' },
        testTimeout: 120_000,
        hookTimeout: 120_000,
      }),
      project('e2e', 'test/e2e/**/*.test.ts', {
        ...ENGINE,
        testTimeout: 90_000,
        hookTimeout: 240_000,
      }),
      project('browser', 'test/browser/**/*.test.ts', {
        ...ENGINE,
        testTimeout: 60_000,
        hookTimeout: 240_000,
      }),
    ],
  },
});
