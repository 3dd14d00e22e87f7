import { z } from '../../../../utils/shared/schema.ts';
import { DAY, istClock } from '../../../../utils/shared/time.ts';

const TUESDAY = 2;

export const IsoDay = z
  .string()
  .check(
    z.refine(
      (text) => /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
      'must be a day as 2026-11-24',
    ),
  );

/** The Tuesday on or after today: the weekly expiry of Nifty since September 2025, unless that day is a holiday. */
export function nextWeeklyExpiry(now: number): string {
  const daysAhead = (TUESDAY - istClock(now).weekday + 7) % 7;
  return istClock(now + daysAhead * DAY).date;
}

/** Whole days from today to an expiry, both in India. */
export function daysUntil(expiry: string, now: number): number {
  return Math.round((Date.parse(expiry) - Date.parse(istClock(now).date)) / DAY);
}

/** The day `days` days before today in India. */
export function dayBefore(now: number, days: number): string {
  return istClock(now - days * DAY).date;
}
