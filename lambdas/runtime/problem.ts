import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { FieldError } from '../domain/schema.ts';

const TITLES = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  413: 'Body too large',
  415: 'Unsupported content type',
  422: 'Invalid event',
  503: 'Temporarily unavailable',
} as const;

/** An answer that tells a caller what is wrong with the request, as RFC 9457 problem+json. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: keyof typeof TITLES;
  readonly errors: readonly FieldError[];

  constructor(
    status: keyof typeof TITLES,
    detail: string,
    options: { readonly errors?: readonly FieldError[]; readonly cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.status = status;
    this.errors = options.errors ?? [];
  }

  /** @param requestId the request's id, with which operators find its log lines */
  toResponse(requestId: string): APIGatewayProxyStructuredResultV2 {
    return {
      statusCode: this.status,
      headers: {
        'content-type': 'application/problem+json',
        ...(this.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
        ...(this.status === 503 ? { 'retry-after': '1' } : {}),
      },
      body: JSON.stringify({
        type: 'about:blank',
        title: TITLES[this.status],
        status: this.status,
        detail: this.message,
        instance: `urn:request:${requestId}`,
        ...(this.errors.length > 0 ? { errors: this.errors } : {}),
      }),
    };
  }
}
