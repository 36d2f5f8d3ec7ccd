import { dirname } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { realProviders, secretsFor, settingsFor } from '../../../bin/local/credentials.ts';
import {
  engineEnvironment,
  engineProcessEnvironment,
  readStartSettings,
} from '../../../bin/local/environment.ts';
import { createProviders } from '../../../bin/local/simulators/providers.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});
const set = (variables: Record<string, string>) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
};
const engine = { endpoint: 'http://127.0.0.1:4566', account: '000000000000', region: 'us-east-1' };

describe('tools', () => {
  const dangerous = {
    AWS_PROFILE: 'production',
    AWS_ACCESS_KEY_ID: 'AKIAREAL',
    AWS_SESSION_TOKEN: 'real',
    AWS_ENDPOINT_URL_SQS: 'https://sqs.example.com',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/real',
    CDK_DEFAULT_ACCOUNT: '123456789012',
    SLACK_BOT_TOKEN: 'xoxb-real',
    NODE_OPTIONS: '--inspect',
  };

  test('never see what could lead them to a real account', () => {
    set(dangerous);
    const env = engineEnvironment(engine);
    expect(env).toMatchObject({
      AWS_ENDPOINT_URL: engine.endpoint,
      AWS_ACCESS_KEY_ID: engine.account,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
    const values = Object.values(env);
    for (const value of Object.values(dangerous)) expect(values).not.toContain(value);
  });

  test('find this Node first, and the Lambdas get little else', () => {
    set({ ...dangerous, MY_SECRET: 'mine' });
    const env = engineProcessEnvironment(engine);
    expect(env['PATH']?.startsWith(`${dirname(process.execPath)}:`)).toBe(true);
    expect(env['MY_SECRET']).toBeUndefined();
    expect(env['TZ']).toBe('UTC');
  });
});

describe('settings', () => {
  test('have their defaults, and an empty variable counts as not set', () => {
    set({ PORT: '', API_TOKEN: '', ACK_TIMEOUT_SECONDS: '' });
    expect(readStartSettings()).toMatchObject({ PORT: 4010, API_TOKEN: 'local-dev-token' });
    expect(readStartSettings().ACK_TIMEOUT_SECONDS).toBeUndefined();
  });

  test('are all told at once when they are wrong', () => {
    set({ PORT: 'abc', API_TOKEN: 'a b', ACK_TIMEOUT_SECONDS: '0' });
    expect(readStartSettings).toThrow(/PORT[\s\S]*ACK_TIMEOUT_SECONDS[\s\S]*API_TOKEN/);
  });
});

describe('real providers', () => {
  const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's', SLACK_CHANNEL_ID: 'C0REAL' };

  test('take the place of their simulators, one by one', () => {
    set({ ...slack, ZAPIER_JIRA_HOOK_URL: 'https://hooks.example.com/1' });
    const real = realProviders(readStartSettings());
    const providers = createProviders('http://127.0.0.1:1/providers', () =>
      Promise.reject(new Error('no API')),
    );
    const settings = settingsFor(providers, real);
    expect(settings.slack).toEqual({ channel_id: 'C0REAL' });
    expect(Object.keys(settings.base_urls)).toEqual(['discord', 'pagerduty']);
    const secrets = secretsFor(providers.secrets, real);
    expect(secrets.slack).toEqual({ bot_token: 'xoxb-1', signing_secret: 's' });
    expect(secrets.zapier).toEqual({
      ...providers.secrets.zapier,
      jira_hook_url: 'https://hooks.example.com/1',
    });
    expect(secrets.pagerduty).toEqual(providers.secrets.pagerduty);
  });

  test('need all of their credentials', () => {
    set({ ...slack, SLACK_CHANNEL_ID: '' });
    expect(() => realProviders(readStartSettings())).toThrow('missing: SLACK_CHANNEL_ID');
  });
});
