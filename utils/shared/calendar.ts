import { ClockTime } from './clock-time.ts';
import { wrong } from './problem.ts';
import { z } from './schema.ts';
import { minutesOf } from './time.ts';

const LONGEST_LIST = 400;

/** A day as `2026-11-21`. */
export const IsoDay = z
  .string()
  .check(z.refine((text) => /^20\d\d-\d\d-\d\d$/.test(text) && isDay(text), wrong('day')));

const hours = z.strictObject({ from: ClockTime, to: ClockTime }).check(
  z.refine(({ from, to }) => minutesOf(from) < minutesOf(to), {
    path: ['to'],
    ...wrong('not_later'),
  }),
);

/** A day that the person knows better than our list: no trading, or trading, at hours of its own where they are given. */
export const OwnDay = z.strictObject({
  date: IsoDay,
  kind: z.enum(['holiday', 'trading']),
  name: z.string().check(z.maxLength(60)),
  hours: z.nullable(hours),
});
export type OwnDay = z.infer<typeof OwnDay>;

/** The person's own days, and the last day through which a list they imported speaks; null without one. */
export const OwnDays = z.strictObject({
  days: z.array(OwnDay).check(z.maxLength(LONGEST_LIST)),
  through: z.nullable(IsoDay),
});
export type OwnDays = z.infer<typeof OwnDays>;

/** The person's days with a list taken in: a day that both know becomes the list's. */
export function addDays(known: OwnDays, added: OwnDays): OwnDays {
  const dates = new Set(added.days.map(({ date }) => date));
  const days = [...known.days.filter(({ date }) => !dates.has(date)), ...added.days];
  const through = [known.through, added.through].filter((one) => one !== null).sort();
  return { days: days.sort((a, b) => (a.date < b.date ? -1 : 1)), through: through.at(-1) ?? null };
}

function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}
