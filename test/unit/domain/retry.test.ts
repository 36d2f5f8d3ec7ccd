import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelaySeconds } from '../../../lambdas/domain/retry.ts';

const discord = { tries: 5, base_seconds: 15, cap_seconds: 240 };
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the delay before the next attempt', () => {
  it('doubles from the base', () => {
    expect([1, 2, 3, 4].map((attempt) => retryDelaySeconds(discord, attempt, 0.999_999))).toEqual([
      15, 30, 60, 120,
    ]);
  });

  it('is never below half of the backoff and never above it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), unit, (attempt, random) => {
        const ceiling = Math.min(discord.cap_seconds, discord.base_seconds * 2 ** (attempt - 1));
        const delay = retryDelaySeconds(discord, attempt, random);
        expect(delay).toBeGreaterThanOrEqual(ceiling / 2);
        expect(delay).toBeLessThanOrEqual(ceiling);
      }),
    );
  });

  it('is what the provider asked for, rounded up, when it asked', () => {
    expect(retryDelaySeconds(discord, 1, 0, 0.35)).toBe(1);
    expect(retryDelaySeconds(discord, 1, 0.9, 1_800)).toBe(1_800);
  });

  it('is always one that SQS takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        unit,
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        (n, r, s) => {
          const delay = retryDelaySeconds(discord, n, r, s);
          expect(Number.isInteger(delay) && delay >= 0 && delay <= 43_200).toBe(true);
        },
      ),
    );
  });
});
