import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayBar, MARK_GAP } from '../../../utils/domain/view/day-bar.ts';
import { type Calendar, MARKET_IDS, NSE_FO } from '../../../utils/shared/market.ts';
import { formatIst, HOUR, MINUTE, startOfIstDay } from '../../../utils/shared/time.ts';
import { ist } from '../../support/samples/samples.ts';

const FRIDAY = '2026-11-20';
const at = (clock: string, date = FRIDAY) => ist(`${date} ${clock}`);
const stretches = (...all: ({ from: number; to: number } | null)[]) =>
  all.map((one) => (one === null ? '–' : `${Math.round(one.from)}–${Math.round(one.to)}`)).join(' ');

describe('the bar of a trading day', () => {
  // From 08:00 to 17:00 where the moment lies within: nine hours, so 09:15 is at 14 % and 15:40 at 85 %.
  it.each<[name: string, from: number | null, to: number | null, now: string, bar: string, marks: string]>([
    ['a session of this morning', at('08:49'), at('06:00', '2026-11-21'), '10:00', '9–22 22–100', '09:15 15:40'],
    ['one that ends at midnight', at('08:31'), at('00:00', '2026-11-21'), '10:00', '6–22 22–100', '09:15 15:40'],
    ['one that ends within the day', at('08:49'), at('12:10'), '10:00', '9–22 22–46', '09:15 12:10 15:40'],
    [
      'one that begins within the day',
      at('11:00'),
      at('06:00', '2026-11-21'),
      '12:30',
      '33–50 50–100',
      '09:15 11:00 15:40',
    ],
    ['one that ends just before the market does', at('08:49'), at('15:20'), '10:00', '9–22 22–81', '09:15 15:40'],
    ['one that has ended', at('08:49'), at('11:00'), '12:30', '9–33 –', '09:15 11:00 15:40'],
    ['one of yesterday, at night', at('08:49', '2026-11-19'), at('06:00'), '03:30', '0–4 4–21', '06:00 09:15 15:40'],
    ['one in the evening', at('08:49'), at('06:00', '2026-11-21'), '20:30', '6–96 96–100', '09:15 15:40'],
    ['one whose beginning is not known', null, at('06:00', '2026-11-21'), '10:00', '0–22 22–100', '09:15 15:40'],
    ['one without an end', at('08:49'), null, '10:00', '9–22 22–100', '09:15 15:40'],
  ])('draws %s', (_, issuedAt, endsAt, now, bar, marks) => {
    const drawn = dayBar({ issuedAt, endsAt }, NSE_FO, at(now));
    expect(stretches(drawn.past, drawn.ahead)).toBe(bar);
    expect(drawn.marks.map((one) => formatIst(one.at)).join(' ')).toBe(marks);
  });

  it.each<[market: Calendar['market'], date: string, hours: string]>([
    ['nse-fo', FRIDAY, '14–85'],
    // The closing auction goes on where the market ends: prices still move.
    ['nse-equity', FRIDAY, '14–84'],
    ['currency', FRIDAY, '10–90'],
    ['mcx', FRIDAY, '6–99'],
    ['nse-fo', '2026-11-21', ''],
  ])('marks the hours of %s on %s', (market, date, hours) => {
    const bar = dayBar({ issuedAt: null, endsAt: null }, { ...NSE_FO, market }, at('10:00', date));
    expect(stretches(...bar.market)).toBe(hours);
  });

  it('is the whole day where there is no market', () => {
    expect(dayBar({ issuedAt: null, endsAt: null }, NSE_FO, at('12:00', '2026-11-21')).now).toBe(50);
  });

  it('holds together at any moment, with any session, in any market', () => {
    const moment = fc.integer({ min: ist('2026-01-01'), max: ist('2027-12-31') });
    const near = fc.option(fc.integer({ min: -30 * 60, max: 30 * 60 }));
    fc.assert(
      fc.property(moment, near, near, fc.constantFrom(...MARKET_IDS), (now, before, after, market) => {
        const [issuedAt, endsAt] = [before, after].map((minutes) => (minutes === null ? null : now + minutes * MINUTE));
        const bar = dayBar({ issuedAt: issuedAt ?? null, endsAt: endsAt ?? null }, { ...NSE_FO, market }, now);
        const drawn = [...bar.market, bar.past, bar.ahead].filter((one) => one !== null);
        for (const { from, to } of drawn) expect(0 <= from && from < to && to <= 100).toBe(true);
        expect(bar.now >= 0 && bar.now <= 100).toBe(true);
        expect((bar.past?.to ?? 0) <= bar.now && bar.now <= (bar.ahead?.from ?? 100)).toBe(true);
        for (const [index, mark] of bar.marks.entries()) {
          expect(mark.place >= 0 && mark.place <= 100).toBe(true);
          expect(mark.place - (bar.marks[index - 1]?.place ?? -MARK_GAP)).toBeGreaterThanOrEqual(MARK_GAP);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('has the same scale for every account at one moment, and every mark where its time belongs', () => {
    const now = at('10:00');
    const scale = [at('08:00'), at('17:00')] as const;
    for (let minutes = 0; minutes < 24 * 60; minutes += 7) {
      const endsAt = startOfIstDay(now) + minutes * MINUTE;
      const { marks } = dayBar({ issuedAt: endsAt - 3 * HOUR, endsAt }, NSE_FO, now);
      for (const mark of marks) expect(mark.place).toBeCloseTo(((mark.at - scale[0]) / (scale[1] - scale[0])) * 100, 8);
    }
  });
});
