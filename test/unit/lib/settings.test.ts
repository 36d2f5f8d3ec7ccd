import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../../../lib/settings.ts';

const cdkJson = JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>;
};
const shipped = cdkJson.context['incident-orchestrator'];

const messageFor = (overrides: unknown): string => {
  try {
    readSettings(shipped, overrides);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('settings', () => {
  it('of cdk.json are the documented defaults', () => {
    const { severities } = readSettings(shipped);
    expect(severities.sev1).toEqual({
      channels: ['slack', 'discord', 'zapier'],
      acknowledge: true,
      acknowledgement_window_seconds: 300,
      page: true,
    });
    expect(severities.sev2).toMatchObject({
      channels: ['slack', 'discord', 'zapier'],
      acknowledge: true,
      page: false,
    });
    expect(severities.sev3).toMatchObject({ channels: ['slack'], acknowledge: false, page: false });
  });

  it('take overrides, as an object or as the text that -c carries', () => {
    const overrides = { severities: { sev1: { acknowledgement_window_seconds: 2, channels: ['discord'] } } };
    for (const each of [overrides, JSON.stringify(overrides)]) {
      const { severities } = readSettings(shipped, each);
      // Members are merged, lists replaced.
      expect(severities.sev1).toEqual({
        channels: ['discord'],
        acknowledge: true,
        acknowledgement_window_seconds: 2,
        page: true,
      });
      expect(severities.sev2.acknowledgement_window_seconds).toBe(300);
    }
  });

  it('name every wrong field at once', () => {
    const message = messageFor({
      stack_name: 'my stack',
      slack: { channel_id: '#incidents' },
      discord: { channel_id: 'incidents' },
      base_urls: { slack: 'https://slack.com/api', pagerduty: 'events.pagerduty.com' },
      retry: { zapier: { cap_seconds: 1 } },
      log_retention_days: 31,
      alarm_email: 'nobody',
      severity: {},
    });
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(': ')[0]),
    ).toEqual([
      'stack_name',
      'base_urls.slack',
      'base_urls.pagerduty',
      'slack.channel_id',
      'discord.channel_id',
      'retry.zapier',
      'log_retention_days',
      'alarm_email',
      '(body)',
    ]);
    expect(message).toContain("the channel's id (C…), not its name");
    expect(message).toContain('severity');
  });

  it.each([
    ['not JSON', '{', /-c overrides is not JSON: \{/],
    [
      'a page without a button',
      { severities: { sev2: { page: true, acknowledge: false } } },
      /severities\.sev2: .*ask/,
    ],
    [
      'two windows for pages',
      { severities: { sev2: { page: true, acknowledgement_window_seconds: 600 } } },
      /severities: .*share one acknowledgement_window_seconds/,
    ],
    [
      'an unknown channel',
      { severities: { sev3: { channels: ['email'] } } },
      /severities\.sev3\.channels\.0: /,
    ],
    ['no channel', { severities: { sev3: { channels: [] } } }, /severities\.sev3\.channels: /],
  ])('refuse %s', (_, overrides, expected) => {
    expect(messageFor(overrides)).toMatch(expected);
  });

  it('say where they should be when they are not there', () => {
    expect(() => readSettings(undefined)).toThrow('No settings: run cdk where cdk.json is');
  });
});
