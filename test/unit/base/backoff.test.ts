import { describe, expect, it } from 'vitest';
import { backoff, readRetryAfter } from '../../../utils/domain/base/backoff.ts';
import { iso, NOW } from '../../support/samples/samples.ts';

const MINUTE = 60_000;

describe('the wait after failures (NET-10)', () => {
  it.each([
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [4, 30_000],
    [5, MINUTE],
    [6, 2 * MINUTE],
    [7, 5 * MINUTE],
    [8, 5 * MINUTE],
    [1_000, 5 * MINUTE],
  ])('number %i is %i ms, and up to a fifth more', (failures, least) => {
    const waits = ['a', 'b', 'c', 'ob_1', 'ob_2', ''].map((name) => backoff(failures, name));
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThan(least * 1.2 + 1);
    }
    expect(new Set(waits).size).toBeGreaterThan(3);
  });

  it('is the same for the same name', () => expect(backoff(3, 'x')).toBe(backoff(3, 'x')));

  it.each([
    [0, 2_000],
    [90_000, 90_000],
    [11 * MINUTE, 10 * MINUTE],
    [Number.POSITIVE_INFINITY, 10 * MINUTE],
  ])('with a Retry-After of %d ms is at least %d', (retryAfter, least) => {
    const wait = backoff(1, 'x', retryAfter);
    expect(wait).toBeGreaterThanOrEqual(least);
    expect(wait).toBeLessThanOrEqual(Math.max(least, 2_400));
  });

  it('is not shortened by a Retry-After', () => expect(backoff(7, 'x', 1_000)).toBe(backoff(7, 'x')));
});

describe('a Retry-After header', () => {
  it.each([
    [null, null],
    ['', null],
    ['  ', null],
    ['soon', null],
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    [new Date(NOW + 90_000).toUTCString(), 90_000],
    [new Date(NOW - 90_000).toUTCString(), 0],
    [iso(NOW + 5_000), 5_000],
    ['Fri Nov 20 04:30:05 2026', 5_000],
  ])('%j asks for %s ms', (header, ms) => expect(readRetryAfter(header, NOW)).toBe(ms));
});
