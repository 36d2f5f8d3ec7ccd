import type { MiddlewareObj } from '@middy/core';
import { logger, metrics } from './telemetry.ts';

/** Gives each invocation its log context and flushes its metrics, however it ends. */
export function observed(): MiddlewareObj {
  return {
    before: ({ context }) => {
      logger.addContext(context);
    },
    after: () => {
      metrics.publishStoredMetrics();
      logger.resetKeys();
    },
    onError: ({ error }) => {
      logger.error('Invocation failed', { error });
      metrics.publishStoredMetrics();
      logger.resetKeys();
    },
  };
}
