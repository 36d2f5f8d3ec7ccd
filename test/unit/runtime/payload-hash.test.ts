import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadHash } from '../../../lambdas/runtime/payload-hash.ts';

describe('the payload hash', () => {
  it('does not depend on the order of members', () => {
    expect(payloadHash({ a: 1, b: { c: 2, d: 3 } })).toBe(payloadHash({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it('depends on the order of a list, and on every value', () => {
    expect(payloadHash([1, 2])).not.toBe(payloadHash([2, 1]));
    expect(payloadHash({ a: 1 })).not.toBe(payloadHash({ a: '1' }));
    expect(payloadHash({ a: {} })).not.toBe(payloadHash({ a: [] }));
  });

  it('is the same exactly when the JSON is the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        if (same) expect(payloadHash(a)).toBe(payloadHash(b));
        expect(payloadHash(a)).toBe(payloadHash(JSON.parse(JSON.stringify(a))));
      }),
    );
  });
});
