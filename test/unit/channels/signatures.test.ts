import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyDiscordSignature } from '../../../lambdas/channels/discord/signature.ts';
import { verifyPagerDutySignature } from '../../../lambdas/channels/pagerduty/signature.ts';
import { verifySlackSignature } from '../../../lambdas/channels/slack/signature.ts';

const now = new Date('2026-11-23T09:04:42Z');
const seconds = (offset = 0) => String(now.getTime() / 1_000 + offset);

describe('slack', () => {
  // The example of docs.slack.dev/authentication/verifying-requests-from-slack.
  const documented = {
    signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
    timestamp: '1531420618',
    rawBody:
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    now: new Date(1_531_420_618_000),
  };
  const check = (changes: Partial<typeof documented>) => verifySlackSignature({ ...documented, ...changes });

  test("Slack's own example", () => {
    expect(check({})).toBe(true);
    expect(verifySlackSignature({ ...documented, rawBody: Buffer.from(documented.rawBody) })).toBe(true);
  });

  test.each([
    [0, true],
    [299, true],
    [-299, true],
    [301, false],
    [-301, false],
  ])('%i s later: %s', (offset, valid) => {
    expect(check({ now: new Date(1_531_420_618_000 + offset * 1_000) })).toBe(valid);
  });

  test('forged', () => {
    expect(check({ rawBody: `${documented.rawBody}&x=1` })).toBe(false);
    expect(check({ signingSecret: 'other' })).toBe(false);
    expect(check({ timestamp: '1531420619' })).toBe(false);
    expect(check({ signature: documented.signature.replace('v0', 'v1') })).toBe(false);
    expect(verifySlackSignature({ ...documented, signature: undefined })).toBe(false);
    expect(verifySlackSignature({ ...documented, timestamp: undefined })).toBe(false);
    for (const timestamp of ['', 'NaN', '1531420618.5', '-1', 'Infinity', '1e9']) {
      expect(check({ timestamp })).toBe(false);
    }
  });

  test('any other signature is refused, and none throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (signature) => {
        expect(check({ signature })).toBe(false);
      }),
    );
  });
});

describe('discord', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex');
  const rawBody = '{"type":1}';
  const signed = (timestamp: string) => ({
    ...{ publicKey: key, timestamp, rawBody, now },
    signature: sign(null, Buffer.from(timestamp + rawBody), privateKey).toString('hex'),
  });

  test('signed over timestamp and body', () => {
    expect(verifyDiscordSignature(signed(seconds()))).toBe(true);
    expect(verifyDiscordSignature({ ...signed(seconds()), rawBody: Buffer.from(rawBody) })).toBe(true);
  });

  test.each([[seconds(301)], [seconds(-301)], [''], ['abc']])('timestamp %s is refused', (timestamp) => {
    expect(verifyDiscordSignature(signed(timestamp))).toBe(false);
  });

  test('forged', () => {
    const good = signed(seconds());
    expect(verifyDiscordSignature({ ...good, rawBody: '{"type":3}' })).toBe(false);
    expect(verifyDiscordSignature({ ...good, timestamp: seconds(1) })).toBe(false);
    expect(verifyDiscordSignature({ ...good, signature: undefined })).toBe(false);
    expect(verifyDiscordSignature({ ...good, signature: '00'.repeat(64) })).toBe(false);
    expect(verifyDiscordSignature({ ...good, publicKey: 'ff'.repeat(32) })).toBe(false);
    expect(verifyDiscordSignature({ ...good, publicKey: 'short' })).toBe(false);
  });
});

describe('pagerduty', () => {
  const rawBody = '{"event":{}}';
  const v1 = (secret: string) => `v1=${createHmac('sha256', secret).update(rawBody).digest('hex')}`;
  const check = (secrets: string[], signature: string | undefined) =>
    verifyPagerDutySignature({ secrets, signature, rawBody });

  test('any signature by any secret', () => {
    expect(check(['new', 'old'], v1('old'))).toBe(true);
    expect(check(['new'], `${v1('old')},${v1('new')}`)).toBe(true);
    expect(check(['new'], `${v1('old')}, ${v1('new')}`)).toBe(true);
  });

  test('forged', () => {
    expect(check(['new'], v1('old'))).toBe(false);
    expect(check([], v1('old'))).toBe(false);
    expect(check([''], v1(''))).toBe(false);
    expect(check(['new'], undefined)).toBe(false);
    expect(check(['new'], v1('new').replace('v1', 'v2'))).toBe(false);
    expect(check(['new'], `${'v1=0,'.repeat(2_000)}${v1('new')}`)).toBe(false);
  });
});
