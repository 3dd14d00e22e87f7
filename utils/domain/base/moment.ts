import { formatIst, istClock } from '../../shared/time.ts';
import { formatMonth, say } from './words.ts';

/** `06:00` on the day of `now`, `06:00 on 23 Nov` on any other: a time that cannot be taken for another day's. */
export function formatMoment(at: number, now: number): string {
  const day = istClock(at).date;
  if (day === istClock(now).date) return formatIst(at);
  return say('time_moment', formatIst(at), Number(day.slice(8)), formatMonth(Date.parse(day)));
}
