import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { HttpProblem } from '../../../lambdas/runtime/problem.ts';
import { jsonBody, MAX_BODY_BYTES, rawBody } from '../../../lambdas/runtime/request.ts';

const request = (body: string | undefined, type?: string, isBase64Encoded = false) =>
  ({
    body,
    isBase64Encoded,
    headers: type === undefined ? {} : { 'content-type': type },
  }) as APIGatewayProxyEventV2;
const statusOf = (run: () => unknown): number | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof HttpProblem) return error.status;
    throw error;
  }
  return undefined;
};

describe('a request', () => {
  it.each([
    ['no body', request(undefined, 'application/json'), 400],
    ['an empty body', request('', 'application/json'), 400],
    ['what is not JSON', request('{', 'application/json'), 400],
    ['a form', request('a=b', 'application/x-www-form-urlencoded'), 415],
    ['no content type', request('{}'), 415],
    ['a type that only starts like JSON', request('{}', 'application/jsonp'), 415],
    ['more than 128 KiB', request(`"${'x'.repeat(MAX_BODY_BYTES)}"`, 'application/json'), 413],
    [
      'more than 128 KiB in base64',
      request(Buffer.alloc(MAX_BODY_BYTES + 1).toString('base64'), 'application/json', true),
      413,
    ],
  ])('with %s is refused', (_what, event, status) => {
    expect(statusOf(() => jsonBody(event))).toBe(status);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/cloudevents+json',
  ])('of type %s is read', (type) => {
    expect(jsonBody(request('{"a":1}', type))).toEqual({ a: 1 });
  });

  it('in base64 gives the bytes that were signed', () => {
    expect(rawBody(request(Buffer.from('payload=%7B%7D').toString('base64'), undefined, true))).toBe(
      'payload=%7B%7D',
    );
  });
});
