import { describe, expect, it } from 'vitest';
import { listDays, yearsOf } from '../../../utils/domain/accounts/day-list.ts';
import type { OwnDay } from '../../../utils/shared/calendar.ts';
import { NSE_FO } from '../../../utils/shared/market.ts';
import { NOW } from '../../support/samples/samples.ts';

const day = (date: string, change: Partial<OwnDay> = {}): OwnDay => ({
  date,
  kind: 'holiday',
  name: '',
  hours: null,
  ...change,
});
const withOwn = (...days: OwnDay[]) => ({ ...NSE_FO, own: { days, through: null } });

describe('the days of a market’s year', () => {
  it('are the exchange’s, holidays and special sessions, in order', () => {
    const days = listDays(NSE_FO, 2026);
    expect(days).toHaveLength(18);
    expect(days[1]).toMatchObject({ date: '2026-01-26', kind: 'holiday', name: 'Republic Day', isOwn: false });
    expect(days.filter(({ kind }) => kind === 'trading')).toMatchObject([
      { date: '2026-02-01', name: 'Union Budget', isUsual: true },
      { name: 'Muhurat trading', hours: null, isUsual: false },
    ]);
    expect(days.map(({ date }) => date)).toEqual(days.map(({ date }) => date).sort());
  });

  it('are the person’s in place of the exchange’s', () => {
    const own = day('2026-12-25', { kind: 'trading', name: 'open after all' });
    const days = listDays(withOwn(own, day('2027-01-26')), 2026);
    expect(days).toHaveLength(18);
    expect(days.at(-1)).toEqual({ ...own, isOwn: true });
  });

  it('are none where nothing is known', () => {
    expect(listDays({ ...NSE_FO, market: 'mcx' }, 2026)).toEqual([]);
    expect(listDays(NSE_FO, 2025)).toEqual([]);
  });

  it('stand in this year, the next, and every year of which something is known', () => {
    expect(yearsOf(withOwn(day('2029-01-26')), NOW)).toEqual([2026, 2027, 2029]);
  });
});
