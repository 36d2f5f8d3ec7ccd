import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { HttpProblem } from './problem.ts';

/** Far above any event of ours (details stop at 32 KiB), far below what would not fit the table's 400 KB. */
export const MAX_BODY_BYTES = 128 * 1024;

/** Header values as Lambda has them: names in lower case. */
export const header = (event: APIGatewayProxyEventV2, name: string): string | undefined =>
  event.headers[name.toLowerCase()];

/**
 * The body's bytes as they came: signatures are made over them. API Gateway gives what is neither JSON nor text
 * (Slack's forms) as base64.
 *
 * @throws HttpProblem 400 without a body, 413 above `maxBytes`
 */
export function rawBody(event: APIGatewayProxyEventV2, maxBytes = MAX_BODY_BYTES): string {
  const { body = '', isBase64Encoded } = event;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length === 0) throw new HttpProblem(400, 'The request has no body.');
  if (bytes.length > maxBytes) {
    const size = `${bytes.length} bytes; at most ${maxBytes} are taken`;
    throw new HttpProblem(413, `The body has ${size}. Put long material behind a link.`);
  }
  return bytes.toString('utf8');
}

/**
 * The JSON body of a request.
 *
 * @throws HttpProblem 415 for another content type, and as {@link rawBody}; 400 when it is not JSON
 */
export function jsonBody(event: APIGatewayProxyEventV2, maxBytes = MAX_BODY_BYTES): unknown {
  const type = header(event, 'content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) {
    const got = type === '' ? 'none was sent' : `got ${JSON.stringify(type.slice(0, 100))}`;
    throw new HttpProblem(415, `The content type must be application/json; ${got}.`);
  }
  const text = rawBody(event, maxBytes);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const why = cause instanceof Error ? ` (${cause.message.slice(0, 200)})` : '';
    throw new HttpProblem(400, `The body is not JSON${why}.`, { cause });
  }
}
