import middy from '@middy/core';
import { observed } from './middleware.ts';

/**
 * A handler that a schedule calls; the event tells it nothing. What it throws is the function's error, and alarmed; what
 * it returns is for a person who calls it by hand.
 */
export const scheduled = <T>(run: () => Promise<T>) =>
  middy<unknown, T>()
    .use(observed())
    .handler(() => run());
