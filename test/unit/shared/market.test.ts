import { describe, expect, it } from 'vitest';
import type { OwnDays } from '../../../utils/shared/calendar.ts';
import {
  type Calendar,
  closeOf,
  endsSoon,
  isMarketOpen,
  type MarketId,
  marketDay,
  NSE_FO,
  nextOnTradingDay,
  nextOpening,
  type Phase,
  phaseAt,
} from '../../../utils/shared/market.ts';
import { ist } from '../../support/samples/samples.ts';

const calendar = (market: MarketId, ...days: OwnDays['days']): Calendar => ({ market, own: { days, through: null } });
const day = (date: string, kind: 'holiday' | 'trading', hours: OwnDays['days'][number]['hours'] = null) => ({
  date,
  kind,
  name: '',
  hours,
});

describe('a trading day', () => {
  it.each<[MarketId, string, Phase, string]>([
    ['nse-fo', '08:59:59', 'closed', '2026-11-20 09:00'],
    ['nse-fo', '09:00:00', 'pre-open', '2026-11-20 09:08'],
    ['nse-fo', '09:08:00', 'frozen', '2026-11-20 09:15'],
    ['nse-fo', '09:15:00', 'open', '2026-11-20 15:40'],
    ['nse-fo', '15:39:59', 'open', '2026-11-20 15:40'],
    ['nse-fo', '15:40:00', 'closed', '2026-11-23 09:00'],
    ['nse-equity', '15:14:59', 'open', '2026-11-20 15:15'],
    ['nse-equity', '15:15:00', 'closing-auction', '2026-11-20 15:35'],
    ['nse-equity', '15:35:00', 'closed', '2026-11-23 09:00'],
    ['currency', '09:00:00', 'open', '2026-11-20 17:00'],
    ['currency', '17:00:00', 'closed', '2026-11-23 09:00'],
    ['mcx', '23:54:59', 'open', '2026-11-20 23:55'],
    ['mcx', '23:55:00', 'closed', '2026-11-23 09:00'],
  ])('of %s at %s is %s until %s', (market, time, phase, until) => {
    expect(phaseAt(ist(`2026-11-20 ${time}`), calendar(market))).toEqual({ phase, until: ist(until) });
  });
});

describe('a day', () => {
  it.each([
    ['2026-11-21', false, 'weekend', true],
    ['2026-11-24', false, 'guru_nanak_jayanti', true],
    ['2026-11-08', true, 'muhurat_trading', true],
    ['2026-11-20', true, null, true],
    ['2027-01-26', true, null, false],
    ['2027-01-23', false, 'weekend', true],
  ])('%s is a trading day: %s, %s, known: %s', (date, isTrading, name, isKnown) => {
    expect(marketDay(ist(`${date} 12:00`), NSE_FO)).toMatchObject({ isTrading, name, isKnown });
  });

  it('whose hours nobody has said has no phase but closed, and lasts to its midnight', () => {
    expect(isMarketOpen(ist('2026-11-08 18:30'))).toBe(false);
    expect(closeOf(ist('2026-11-08 18:30'), NSE_FO)).toBe(ist('2026-11-09 00:00'));
  });

  it('is what the person says it is', () => {
    const hours = { from: { hour: 18, minute: 0 }, to: { hour: 19, minute: 15 } };
    const mine = calendar('nse-fo', day('2026-11-20', 'holiday'), day('2026-11-08', 'trading', hours));
    expect(marketDay(ist('2026-11-20 10:00'), mine)).toMatchObject({ isTrading: false, name: 'your_holiday' });
    expect(isMarketOpen(ist('2026-11-08 17:59:59'), mine)).toBe(false);
    expect(isMarketOpen(ist('2026-11-08 18:00'), mine)).toBe(true);
    expect(closeOf(ist('2026-11-08 10:00'), mine)).toBe(ist('2026-11-08 19:15'));
    const working = calendar('nse-fo', day('2026-11-24', 'trading'));
    expect(isMarketOpen(ist('2026-11-24 09:15'), working)).toBe(true);
  });

  it('beyond every list is a trading day, unless it is a weekend; a list that was imported makes it known', () => {
    expect(marketDay(ist('2027-03-01 10:00'), NSE_FO)).toMatchObject({ isTrading: true, isKnown: false });
    const imported = { ...NSE_FO, own: { days: [], through: '2027-12-31' } };
    expect(marketDay(ist('2027-03-01 10:00'), imported)).toMatchObject({ isTrading: true, isKnown: true });
  });

  it('of MCX has no list, so a holiday of NSE is a trading day there', () => {
    expect(marketDay(ist('2026-11-24 18:00'), calendar('mcx'))).toMatchObject({ isTrading: true, isKnown: false });
  });
});

describe('the next', () => {
  it.each([
    ['2026-11-20 09:14:59', '2026-11-20 09:15'],
    ['2026-11-20 09:15:00', '2026-11-23 09:15'],
    ['2026-11-23 16:00:00', '2026-11-25 09:15'],
    ['2026-12-24 16:00:00', '2026-12-28 09:15'],
    ['2026-12-31 16:00:00', '2027-01-01 09:15'],
  ])('opening after %s is %s', (now, opening) => expect(nextOpening(ist(now))).toBe(ist(opening)));

  it.each([
    ['2026-11-20 08:44:59', '2026-11-20 08:45'],
    ['2026-11-20 08:45:00', '2026-11-23 08:45'],
    ['2026-11-23 09:00:00', '2026-11-25 08:45'],
  ])('08:45 of a trading day after %s is %s', (now, next) =>
    expect(nextOnTradingDay(525, ist(now), NSE_FO)).toBe(ist(next)),
  );

  it('is looked for to an end, also where every day is closed', () => {
    const days = Array.from({ length: 400 }, (_, index) =>
      day(new Date(Date.UTC(2027, 0, 1 + index)).toISOString().slice(0, 10), 'holiday'),
    );
    expect(nextOpening(ist('2026-12-31 16:00'), calendar('nse-fo', ...days))).toBeGreaterThan(ist('2028-01-01'));
  });
});

describe('the hours of commodities', () => {
  // The United States' summer time: second Sunday of March to first Sunday of November.
  it.each<[date: string, market: MarketId, close: string]>([
    ['2026-03-06', 'mcx', '23:55'],
    ['2026-03-09', 'mcx', '23:30'],
    ['2026-06-15', 'mcx', '23:30'],
    ['2026-10-30', 'mcx', '23:30'],
    ['2026-11-02', 'mcx', '23:55'],
    ['2027-03-12', 'mcx', '23:55'],
    ['2027-03-15', 'mcx', '23:30'],
    ['2027-11-05', 'mcx', '23:30'],
    ['2027-11-08', 'mcx', '23:55'],
    ['2026-06-15', 'mcx-agri', '17:00'],
    ['2026-12-15', 'mcx-agri-late', '21:00'],
  ])('end on %s of %s at %s', (date, market, close) => {
    expect(closeOf(ist(`${date} 12:00`), calendar(market))).toBe(ist(`${date} ${close}`));
  });
});

describe('the days of 2026', () => {
  it.each<[date: string, market: MarketId, isTrading: boolean]>([
    ['2026-02-19', 'currency', false],
    ['2026-03-19', 'currency', false],
    ['2026-04-01', 'currency', false],
    ['2026-08-26', 'currency', false],
    ['2026-02-19', 'nse-fo', true],
    ['2026-03-19', 'nse-equity', true],
    ['2026-04-01', 'nse-fo', true],
    ['2026-08-26', 'nse-fo', true],
    ['2026-01-26', 'currency', false],
    ['2026-02-01', 'nse-fo', true],
    ['2026-02-01', 'nse-equity', true],
    ['2026-02-08', 'nse-fo', false],
  ])('%s is one of %s: %s', (date, market, isTrading) =>
    expect(marketDay(ist(`${date} 12:00`), calendar(market)).isTrading).toBe(isTrading),
  );

  it('hold a Sunday that was a full trading day', () => {
    expect(phaseAt(ist('2026-02-01 09:15'), NSE_FO)).toEqual({ phase: 'open', until: ist('2026-02-01 15:40') });
    expect(marketDay(ist('2026-02-01 12:00'), NSE_FO).name).toBe('union_budget');
  });
});

describe('the end of the known list', () => {
  const through = (day: string): Calendar => ({ ...NSE_FO, own: { days: [], through: day } });
  it.each<[now: string, calendar: Calendar, ends: string | null]>([
    ['2026-12-03 23:59', NSE_FO, null],
    ['2026-12-04 00:00', NSE_FO, '2026-12-31'],
    ['2026-12-31 23:59', NSE_FO, '2026-12-31'],
    ['2027-01-01 00:00', NSE_FO, null],
    ['2026-12-20 12:00', through('2027-12-31'), null],
    ['2027-12-20 12:00', through('2027-12-31'), '2027-12-31'],
    ['2026-12-20 12:00', calendar('mcx'), null],
    ['2026-12-20 12:00', calendar('currency'), '2026-12-31'],
  ])('is said at %s of %j: %s', (now, of, ends) => expect(endsSoon(ist(now), of)).toBe(ends));
});
