import { DAY, istClock, nextIst } from './time.ts';

/**
 * NSE equity derivatives: 09:15 to 15:40 IST since 3 Aug 2026, and the trading holidays that NSE published for 2026.
 * A day beyond `validThrough`, or any we do not know, counts as a trading day: a missed holiday costs nothing.
 */
const OPEN_MINUTES = { from: 9 * 60 + 15, to: 15 * 60 + 40 };
const HOLIDAYS = {
  validThrough: '2026-12-31',
  days: [
    '2026-01-15',
    '2026-01-26',
    '2026-03-03',
    '2026-03-26',
    '2026-03-31',
    '2026-04-03',
    '2026-04-14',
    '2026-05-01',
    '2026-05-28',
    '2026-06-26',
    '2026-09-14',
    '2026-10-02',
    '2026-10-20',
    '2026-11-10',
    '2026-11-24',
    '2026-12-25',
  ],
};

/** True while prices should move: then a feed without a tick is not live. */
export function isMarketOpen(now: number): boolean {
  const { minutes } = istClock(now);
  return isTradingDay(now) && minutes >= OPEN_MINUTES.from && minutes < OPEN_MINUTES.to;
}

/** The next opening after `now`, epoch ms. */
export function nextOpening(now: number): number {
  let opening = nextIst(Math.floor(OPEN_MINUTES.from / 60), OPEN_MINUTES.from % 60, now);
  while (!isTradingDay(opening)) opening += DAY;
  return opening;
}

function isTradingDay(now: number): boolean {
  const { date, weekday } = istClock(now);
  return weekday !== 0 && weekday !== 6 && !HOLIDAYS.days.includes(date);
}
