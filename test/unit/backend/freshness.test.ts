import { describe, expect, it } from 'vitest';
import { freshness } from '../../../backend/src/console/events/freshness.ts';
import { ist } from '../../support/samples/samples.ts';

const at = (clock: string) => ist(`2026-11-20 ${clock}`);

describe('what the age of a tick means', () => {
  it.each([
    ['in market hours, a moment old', '10:00:00', '09:59:30', 'fresh'],
    ['in market hours, two minutes old', '10:00:00', '09:58:00', 'stale'],
    ['in market hours, none yet', '10:00:00', null, 'stale'],
    ['in the auction before the market opens', '09:05:00', '09:04:59', 'pre-open'],
    ['frozen before the market opens', '09:12:00', '09:07:30', 'pre-open'],
    ['frozen to the last second', '09:14:59', '09:07:30', 'pre-open'],
    ['right after the opening', '09:15:30', '09:15:01', 'fresh'],
    ['early in the morning', '08:30:00', null, 'closed'],
    ['in the evening', '18:00:00', '15:39:59', 'closed'],
  ])('%s', (_name, now, tick, expected) => {
    expect(freshness(tick === null ? null : new Date(at(tick)).toISOString(), at(now))).toBe(expected);
  });
});
