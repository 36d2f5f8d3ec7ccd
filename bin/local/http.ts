import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer that was worked out but not sent yet; an object body is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer | object;
  /** Nothing is added to its headers: it is another's answer, passed on. */
  readonly verbatim?: boolean;
}

/** Thrown by {@link readBody}; the connection cannot be used again, the rest of the body is still coming. */
export class BodyTooLarge extends Error {}

/**
 * Reads a request's body whole.
 *
 * @throws BodyTooLarge past `limit` bytes; Error when the client goes away before its end
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroying the request would take the answer's connection with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new BodyTooLarge(`More than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** RFC 9457 problem document. */
export function problem(status: number, title: string, detail: string, extra: object = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: 'about:blank', title, status, detail, ...extra },
  };
}

/** The answer's body as it goes over the wire. */
export const wireBody = (body: Answer['body']): string | Buffer =>
  typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);

/** Sends an answer; does nothing when the client is gone or was answered already. */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const body = wireBody(answer.body);
  const type = typeof answer.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(answer.status, {
    ...(answer.verbatim === true ? {} : { 'content-type': type, 'cache-control': 'no-store' }),
    // A 204 has no body, and so no length.
    ...(answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...answer.headers,
  });
  response.end(body);
}

/** What JSON text says, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether it is a JSON object: neither null nor an array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
