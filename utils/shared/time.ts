import type { ClockTime } from './clock-time.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** India has one zone and no summer time, so IST is a fixed offset and the machine's own zone never matters. */
const IST_OFFSET = 5.5 * HOUR;

/** Epoch milliseconds of the first `hour:minute` IST that lies strictly after `now`. */
export function nextIst(hour: number, minute: number, now: number): number {
  const today = startOfIstDay(now) + hour * HOUR + minute * MINUTE;
  return today > now ? today : today + DAY;
}

/** Epoch milliseconds of 00:00 IST of the day that `now` falls on. */
export function startOfIstDay(now: number): number {
  return Math.floor((now + IST_OFFSET) / DAY) * DAY - IST_OFFSET;
}

/** The clock in India: date as `2026-11-21`, minutes since midnight, and day of the week (0 is Sunday). */
export function istClock(now: number): { date: string; minutes: number; weekday: number } {
  const shifted = new Date(now + IST_OFFSET);
  return {
    date: shifted.toISOString().slice(0, 10),
    minutes: shifted.getUTCHours() * 60 + shifted.getUTCMinutes(),
    weekday: shifted.getUTCDay(),
  };
}

/** Minutes since midnight of a time of day. */
export function minutesOf({ hour, minute }: ClockTime): number {
  return hour * 60 + minute;
}

/** `08:49` or, with seconds, `08:49:02`, in IST. */
export function formatIst(at: number, withSeconds = false): string {
  return new Date(at + IST_OFFSET).toISOString().slice(11, withSeconds ? 19 : 16);
}

/** `06:00` of a time of day. */
export function formatClock({ hour, minute }: ClockTime): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** The time of day that a person wrote as `06:00` or `6:00`, or null. */
export function readClock(text: string): ClockTime | null {
  const [, hour, minute] = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return null;
  const clock = { hour: Number(hour), minute: Number(minute) };
  return clock.hour <= 23 && clock.minute <= 59 ? clock : null;
}
