import { expect, it } from 'vitest';
import { openApi } from '../../bin/docs/openapi.ts';
import { ofType } from '../support/resources.ts';
import { synthesise } from './synth.ts';

it('the OpenAPI document describes every route that is deployed, and no other', () => {
  const deployed = ofType(synthesise().resources, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) =>
    String(Properties['RouteKey']),
  );
  const described = Object.entries(openApi()['paths'] as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(deployed.sort());
});
