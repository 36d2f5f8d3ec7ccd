import type { ApiAnswer } from '../../../bin/local/simulators/simulator.ts';

/** What API Gateway hands on as text; everything else comes as base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+json))/;

/** A request as an HTTP API hands it to a function (payload format 2.0). */
export function apiEvent(
  routes: readonly string[],
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): { event: object; routeKey: string } {
  const routeKey = routes.find((route) => patternOf(route).test(`${method} ${path}`));
  if (routeKey === undefined) throw new Error(`No route for ${method} ${path}`);
  const groups = patternOf(routeKey).exec(`${method} ${path}`)?.groups;
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const asText = TEXT.test(lower['content-type'] ?? '');
  return {
    routeKey,
    event: {
      version: '2.0',
      routeKey,
      rawPath: path,
      rawQueryString: '',
      headers: lower,
      ...(groups === undefined ? {} : { pathParameters: { ...groups } }),
      requestContext: {
        accountId: '000000000000',
        apiId: 'api',
        requestId: 'request-id',
        routeKey,
        stage: '$default',
        timeEpoch: Date.now(),
        http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      },
      ...(body === undefined
        ? { isBase64Encoded: false }
        : {
            body: asText ? body : Buffer.from(body).toString('base64'),
            isBase64Encoded: !asText,
          }),
    },
  };
}

const patternOf = (route: string): RegExp => new RegExp(`^${route.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

export function apiAnswer(value: unknown): ApiAnswer {
  const {
    statusCode,
    headers = {},
    body = '',
  } = value as {
    statusCode: number;
    headers?: Record<string, string>;
    body?: string;
  };
  return { status: statusCode, headers, body };
}
