import { DeliveryError } from '../domain/delivery.ts';
import { parseJson } from './json.ts';
import { isRefusal, outcomeOf, retryAfterSeconds } from './outcome.ts';
import { redact, safeCause } from './redact.ts';

export type Fetch = typeof fetch;

/** How every channel makes its calls. */
export interface HttpOptions {
  readonly fetch?: Fetch;
  /** Milliseconds one call may take, answer included; 4,000 when absent. */
  readonly timeoutMs?: number;
}

/** Three calls in a row must fit into a worker's 15 s. */
export const DEFAULT_TIMEOUT_MS = 4_000;

// A page of 200 Slack messages of the largest kind is about 3 MB; nothing asked for is larger.
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface HttpCall {
  /** For error messages: `discord create message`. Never holds a secret. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  /** What must not show up in any error. */
  readonly secrets: readonly string[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the body is not JSON, or was cut. */
  readonly json: unknown;
}

/**
 * Makes one call and returns whatever was answered.
 *
 * @throws DeliveryError retryable, when there was no answer: network error, reset, timeout
 */
export async function exchange(call: HttpCall, options: HttpOptions): Promise<HttpAnswer> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (!URL.canParse(call.url)) {
    throw new DeliveryError('permanent', `${call.what}: the address is not a URL`, { refused: true });
  }
  const doFetch = options.fetch ?? fetch;
  try {
    const response = await doFetch(call.url, {
      method: call.method,
      headers: { accept: 'application/json', ...contentType(call), ...call.headers },
      body: bodyOf(call),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await readText(response);
    return { status: response.status, headers: response.headers, text, json: parseJson(text) };
  } catch (error) {
    throw noAnswer(call.what, error, { timeoutMs, secrets: call.secrets });
  }
}

/** {@link exchange}, and anything but a 2xx is thrown as what it means for the delivery. */
export async function send(call: HttpCall, options: HttpOptions): Promise<HttpAnswer> {
  const answer = await exchange(call, options);
  if (outcomeOf(answer.status) !== 'success') throw failure(call, answer);
  return answer;
}

/**
 * The error that a non-2xx answer means.
 *
 * @param details what the provider's own error body says, in a few words
 */
export function failure(
  call: Pick<HttpCall, 'what' | 'secrets'>,
  answer: Pick<HttpAnswer, 'status' | 'headers'>,
  details: { readonly text?: string | undefined; readonly retryAfterSeconds?: number | undefined } = {},
): DeliveryError {
  const seconds =
    details.retryAfterSeconds ?? retryAfterSeconds(answer.headers.get('retry-after'), new Date());
  const kind = outcomeOf(answer.status) === 'permanent' ? 'permanent' : 'retryable';
  const said = details.text === undefined ? '' : ` (${redact(details.text, call.secrets)})`;
  return new DeliveryError(kind, `${call.what}: HTTP ${answer.status}${said}`, {
    retryAfterSeconds: kind === 'retryable' ? seconds : undefined,
    refused: isRefusal(answer.status),
  });
}

/** The error of a call that got no answer: it may or may not have been carried out. */
export function noAnswer(
  what: string,
  error: unknown,
  { timeoutMs, secrets }: { readonly timeoutMs: number; readonly secrets: readonly string[] },
): DeliveryError {
  const timedOut = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  const why = timedOut ? `no answer within ${timeoutMs} ms` : `no answer (${codeOf(error)})`;
  return new DeliveryError('retryable', `${what}: ${why}`, { cause: safeCause(error, secrets) });
}

/**
 * The body as text, up to the cap. A body that breaks off does not make the answer a failure: the status has been
 * said, and a success that throws would be sent twice.
 */
export async function readText(response: Response, limit = MAX_BODY_BYTES): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = (response.body ?? []) as AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch {
    // As far as it came.
  }
  return Buffer.concat(chunks).toString('utf8');
}

function contentType(call: HttpCall): Record<string, string> {
  if (call.json !== undefined) return { 'content-type': 'application/json; charset=utf-8' };
  return call.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
}

function bodyOf(call: HttpCall): string | null {
  if (call.json !== undefined) return JSON.stringify(call.json);
  return call.form === undefined ? null : new URLSearchParams(call.form).toString();
}

/** `ECONNRESET` and its like: undici puts the system's code into the cause. */
function codeOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code;
  }
  return 'network error';
}
