import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeWithin, linesWithin } from '../../../lambdas/channels/fit.ts';
import { outcomeOf, retryAfterSeconds } from '../../../lambdas/channels/outcome.ts';
import { safeUrl } from '../../../lambdas/channels/safe-url.ts';

const now = new Date('2026-11-23T09:04:42Z');

describe('retry-after', () => {
  test.each([
    ['0', 0],
    ['30', 30],
    ['0.25', 0.25],
    [' 7 ', 7],
    ['Mon, 23 Nov 2026 09:05:42 GMT', 60],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['', undefined],
    ['-1', undefined],
    ['1e9', undefined],
    ['soon', undefined],
    ['Mon', undefined],
    ['99999999999999999999', undefined],
    [undefined, undefined],
  ])('%s', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});

test('outcomes', () => {
  const of = (statuses: number[]) => new Set(statuses.map(outcomeOf));
  expect(of([200, 201, 202, 204])).toEqual(new Set(['success']));
  expect(of([408, 429, 500, 502, 503, 504, 529])).toEqual(new Set(['retryable']));
  expect(of([301, 302, 400, 401, 403, 404, 410, 413, 422])).toEqual(new Set(['permanent']));
});

describe('safe url', () => {
  test('only http(s), and nothing that ends a link', () => {
    expect(safeUrl('javascript:alert(1)')).toBeUndefined();
    expect(safeUrl('nonsense')).toBeUndefined();
    expect(safeUrl(undefined)).toBeUndefined();
    expect(safeUrl('https://me:pw@a.example/x|y>(z)?a=1&b=<c>#@here')).toBe(
      'https://a.example/x%7Cy%3E%28z%29?a=1&b=%3Cc%3E#%40here',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(safeUrl(`https://a.example/${text}`) ?? '').not.toMatch(/[|<>()[\]\s`@]/);
      }),
    );
  });
});

describe('fitting', () => {
  const double = (text: string) => text.replaceAll('x', 'xx');

  test('the longest beginning whose escaped form fits', () => {
    expect(escapeWithin('xxxx', 8, double)).toBe('xxxxxxxx');
    expect(escapeWithin('xxxxx', 8, double)).toBe('xxxxxx…');
    expect(escapeWithin('xxxxx', 0, double)).toBe('');
    fc.assert(
      fc.property(fc.string(), fc.nat(50), (text, limit) => {
        expect(escapeWithin(text, limit, double).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('lines, and how many are missing', () => {
    expect(linesWithin(['aa', 'bb'], 5)).toBe('aa\nbb');
    expect(
      linesWithin(
        Array.from({ length: 9 }, () => 'a'.repeat(10)),
        60,
      ),
    ).toMatch(/^(a{10}\n)+… and \d more$/);
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), fc.nat(100), (lines, limit) => {
        expect(linesWithin(lines, limit).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
