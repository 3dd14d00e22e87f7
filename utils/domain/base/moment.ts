import { formatIst, istClock } from '../../shared/time.ts';
import { formatMonth, languageTag, say } from './words.ts';

/** `06:00` on the day of `now`, `06:00 on 23 Nov` on any other: a time that cannot be taken for another day's. */
export function formatMoment(at: number, now: number): string {
  const day = istClock(at).date;
  if (day === istClock(now).date) return formatIst(at);
  return say('time_moment', formatIst(at), Number(day.slice(8)), formatMonth(Date.parse(day)));
}

/** `Tue, 24 Nov 2026`, in the person's language, of `2026-11-24`. */
export function dayInWords(date: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(languageTag(), options).format(new Date(`${date}T00:00Z`));
}
