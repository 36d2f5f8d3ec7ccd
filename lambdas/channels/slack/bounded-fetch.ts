import { type Fetch, readText } from '../http.ts';
import { retryAfterSeconds } from '../outcome.ts';

/**
 * `fetch` as `@slack/web-api` is given it, for what the library leaves open: the body is capped and read within the
 * call's timeout, a redirect is an answer like any other, and `Retry-After` (which the library reads with parseInt,
 * making 0 of 0.5 and nothing of a date) is whole seconds, rounded up.
 */
export function boundedFetch(inner: Fetch): Fetch {
  return async (input, init) => {
    const response = await inner(input, { ...init, redirect: 'manual' });
    const headers = new Headers(response.headers);
    const seconds = retryAfterSeconds(headers.get('retry-after'), new Date());
    if (seconds === undefined) headers.delete('retry-after');
    else headers.set('retry-after', String(Math.ceil(seconds)));
    // The body below is decoded already.
    headers.delete('content-encoding');
    headers.delete('content-length');
    const text = await readText(response);
    const empty = response.status === 204 || response.status === 304;
    return new Response(empty ? null : text, { status: response.status, headers });
  };
}
