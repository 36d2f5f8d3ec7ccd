import { ErrorCode, LogLevel, SlackError, type WebAPICallError, WebClient } from '@slack/web-api';
import { DeliveryError } from '../../domain/delivery.ts';
import { DEFAULT_TIMEOUT_MS, failure, type HttpOptions, noAnswer } from '../http.ts';
import { safeCause } from '../redact.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { platformError } from './errors.ts';

export interface SlackClientOptions extends HttpOptions {
  /** Bot token, `xoxb-…`. */
  readonly token: string;
  /** `https://slack.com/api/`. */
  readonly baseUrl: string;
}

/** Makes a call through the client; what it throws becomes a {@link DeliveryError}. */
export type SlackCall = <T>(what: string, call: (client: WebClient) => Promise<T>) => Promise<T>;

/**
 * Slack's own client with everything off that it would do by itself: by default it retries for thirty minutes,
 * sleeps through `Retry-After`, has no timeout and logs to the console.
 */
export function slackClient(options: SlackClientOptions): SlackCall {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const client = new WebClient(options.token, {
    slackApiUrl: options.baseUrl,
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    fetch: boundedFetch(options.fetch ?? fetch),
    logger: silent,
  });
  const secrets = [options.token];
  return async (what, call) => {
    try {
      return await call(client);
    } catch (error) {
      throw deliveryError(`slack ${what}`, error, { timeoutMs, secrets });
    }
  };
}

function deliveryError(
  what: string,
  error: unknown,
  how: { readonly timeoutMs: number; readonly secrets: readonly string[] },
): DeliveryError {
  if (!(error instanceof SlackError)) {
    // A 429 without a usable Retry-After, or a body the library could not take apart: no SlackError, but no success.
    const refused = error instanceof Error && error.message.startsWith('Retry header');
    const why = refused ? 'HTTP 429' : 'no usable answer';
    return new DeliveryError('retryable', `${what}: ${why}`, {
      refused,
      cause: safeCause(error, how.secrets),
    });
  }
  const known = error as WebAPICallError;
  switch (known.code) {
    case ErrorCode.PlatformError: {
      const seconds = known.data.response_metadata?.retryAfter;
      return platformError(what, known.data.error, {
        ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      });
    }
    case ErrorCode.RateLimitedError:
      return new DeliveryError('retryable', `${what}: HTTP 429`, {
        retryAfterSeconds: known.retryAfter,
        refused: true,
      });
    case ErrorCode.HTTPError:
      return failure(
        { what, secrets: how.secrets },
        { status: known.statusCode, headers: new Headers(known.headers) },
      );
    case ErrorCode.RequestError:
      return noAnswer(what, known.original, how);
  }
}

const nothing = (): void => undefined;
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: (): LogLevel => LogLevel.ERROR,
};
