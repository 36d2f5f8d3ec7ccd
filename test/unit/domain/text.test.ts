import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayText, humanDuration, oneLine, truncate } from '../../../lambdas/domain/text.ts';

describe('text to show', () => {
  it('loses control and direction-override characters, keeps lines', () => {
    expect(displayText('a\u0000b\u202ec\r\nd\n\n\n\ne')).toBe('abc\nd\n\ne');
    expect(oneLine(' a\n\tb ')).toBe('a b');
  });

  it('is well-formed whatever came in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(displayText(text).isWellFormed()).toBe(true);
      }),
    );
  });

  it('never exceeds the limit, and is never cut inside a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        (text, limit) => {
          const cut = truncate(text, limit);
          expect(cut.length).toBeLessThanOrEqual(limit);
          expect(cut.isWellFormed()).toBe(true);
          if (text.length <= limit) expect(cut).toBe(text);
        },
      ),
    );
  });

  it.each([
    [900, '1 s'],
    [42_000, '42 s'],
    [60_000, '1 min'],
    [250_000, '4 min 10 s'],
    [3_900_000, '1 h 5 min'],
    [7_200_000, '2 h'],
  ])('says %i ms as %s', (ms, words) => {
    expect(humanDuration(ms)).toBe(words);
  });
});
