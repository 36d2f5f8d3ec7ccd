import { env } from 'node:process';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * For tests against the local engine: half of their time they wait, for it or for a window to end, and vitest's own one
 * worker on two cores would leave one idle. Their pace is the machine's: CI, which may share one, tries again what
 * failed, and says so; a defect fails twice.
 */
const ENGINE = { maxWorkers: 2, retry: env['CI'] === undefined ? 0 : 1 };

/** The file that takes longest starts first; where vitest has not seen them run yet, it would run last, and alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification) => Number(moduleId.endsWith('/crash-matrix.test.ts'));
    return (await super.sort(files)).sort((one, other) => isLongest(other) - isLongest(one));
  }
}

/** Code that is imported and not deployed keeps quiet; handlers started by tests have an environment of their own. */
const QUIET = { POWERTOOLS_METRICS_DISABLED: 'true', POWERTOOLS_LOG_LEVEL: 'SILENT' };

/** One project per kind of test; `npm run check` runs the quick ones, `npm test` all of them. */
const project = (name: string, include: string, extra: Record<string, unknown> = {}) => ({
  test: { name, include: [include], environment: 'node' as const, ...extra },
});

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', 'test/unit/**/*.test.ts', { env: QUIET }),
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
        env: QUIET,
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
