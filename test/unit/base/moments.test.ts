import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ageWhenTold,
  type Compared,
  earliestOf,
  isAhead,
  isSurelyAfter,
  isSurelyBefore,
  knownSkew,
  oursOf,
  skewInOrder,
  skewOf,
} from '../../../utils/domain/base/moments.ts';
import { DAY, MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { iso, NOW } from '../../support/samples/samples.ts';

const delay = fc.integer({ min: 0, max: 30 * SECOND });
const skew = fc.oneof(fc.integer({ min: -3 * SECOND, max: 3 * SECOND }), fc.integer({ min: -DAY, max: DAY }));

/** What a browser learns of a clock that is ahead by `ahead`, from an answer that was told between two delays. */
function compare(ahead: number, there: number, back: number): Compared {
  const heard = { sentAt: NOW, at: NOW + there + back };
  return { ...heard, skewMs: skewOf(iso(NOW + there + ahead), heard) };
}

const anyComparison = fc.tuple(skew, delay, delay);

describe('a moment of another clock, for all differences of the clocks and all delays of the messages', () => {
  it('is never said to lie on the wrong side of one of ours', () => {
    fc.assert(
      fc.property(anyComparison, fc.integer({ min: -DAY, max: DAY }), ([ahead, ...delays], later) => {
        const compared = compare(ahead, ...delays);
        const told = iso(NOW + later + ahead);
        if (isSurelyAfter(told, compared, NOW)) expect(later).toBeGreaterThan(0);
        if (isSurelyBefore(told, compared, NOW)) expect(later).toBeLessThan(0);
        expect(earliestOf(told, compared)).toBeLessThanOrEqual(NOW + later);
      }),
    );
  });

  it('is said to lie on its side where that is further than the messages travelled', () => {
    fc.assert(
      fc.property(anyComparison, ([ahead, there, back]) => {
        const compared = compare(ahead, there, back);
        const apart = there + back + 2 * SECOND + 2;
        expect(isSurelyAfter(iso(NOW + apart + ahead), compared, NOW)).toBe(true);
        expect(isSurelyBefore(iso(NOW - apart + ahead), compared, NOW)).toBe(true);
      }),
    );
  });

  it('is shown as it was told while the clocks agree, and no further off than the messages travelled', () => {
    fc.assert(
      fc.property(anyComparison, ([ahead, there, back]) => {
        const compared = compare(ahead, there, back);
        if (ahead === 0) expect(knownSkew(compared)).toBe(0);
        expect(Math.abs(oursOf(iso(NOW + ahead), compared) - NOW)).toBeLessThanOrEqual(there + back + 2 * SECOND + 1);
      }),
    );
  });

  it('has the same age when it is told', () => {
    fc.assert(
      fc.property(anyComparison, fc.nat(DAY), ([ahead, there, back], age) => {
        expect(ageWhenTold(iso(NOW + there + ahead - age), compare(ahead, there, back))).toBe(age);
      }),
    );
  });
});

describe('the difference of two clocks', () => {
  it('counts as none where whole seconds explain it', () => {
    expect(knownSkew({ at: NOW, skewMs: 2 * SECOND })).toBe(0);
    expect(knownSkew({ at: NOW, skewMs: -2 * SECOND - 1 })).toBe(-2 * SECOND - 1);
    expect(knownSkew({ sentAt: NOW - 10 * SECOND, at: NOW, skewMs: 7 * SECOND })).toBe(0);
    expect(knownSkew({ sentAt: NOW - 10 * SECOND, at: NOW, skewMs: 7 * SECOND + 1 })).toBe(7 * SECOND + 1);
  });

  it('stays in doubt where our own clock was set while it was compared', () => {
    const back = { sentAt: NOW, at: NOW - 60 * MINUTE };
    expect(knownSkew({ ...back, skewMs: skewOf(iso(NOW - 60 * MINUTE), back) })).toBe(0);
  });
});

describe('two logins of one browser', () => {
  it('are told in their order, however differently the clocks were compared', () => {
    fc.assert(
      fc.property(skew, fc.array(fc.tuple(fc.integer({ min: 1, max: MINUTE }), delay, delay)), (ahead, logins) => {
        let last: { capturedAt: number; skewMs: number } | null = null;
        let now = NOW;
        for (const [later, there, back] of logins) {
          now += later;
          const skewMs = skewInOrder(now, compare(ahead, there, back).skewMs, last);
          if (last) expect(now + skewMs).toBeGreaterThan(last.capturedAt + last.skewMs);
          last = { capturedAt: now, skewMs };
        }
      }),
    );
  });

  it('are told as the receiver’s clock is, where that was set back since', () => {
    expect(skewInOrder(NOW + 1, -DAY, { capturedAt: NOW, skewMs: 0 })).toBe(-DAY);
    expect(skewInOrder(NOW, undefined, null)).toBe(0);
  });
});

it.each([
  [false, 0],
  [false, 2_000],
  [true, 2_001],
])('a moment has not come yet: %s, %i ms from now', (expected, later) => {
  expect(isAhead(NOW + later, NOW)).toBe(expected);
});
