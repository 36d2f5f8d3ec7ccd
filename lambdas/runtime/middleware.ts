import type { MiddlewareObj } from '@middy/core';
import { logger } from './telemetry.ts';

/** Gives each invocation's log lines its context, and logs how it failed. */
export function observed(): MiddlewareObj {
  return {
    before: ({ context }) => {
      logger.addContext(context);
    },
    after: () => {
      logger.resetKeys();
    },
    onError: ({ error }) => {
      logger.error('Invocation failed', { error });
      logger.resetKeys();
    },
  };
}
