import { ClockTime } from './clock-time.ts';
import { type Problem, problem, wrong } from './problem.ts';
import { type Checked, z } from './schema.ts';
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

/**
 * Reads a year's list of holidays as it is pasted: one day a line, as `2027-01-26`, `26-Jan-2027` or `26/01/2027`, anywhere
 * in the line; what is left of the line is its name. Lines without any digit (headings) are passed over; a line with digits
 * but no day is named with its number, as `line.3`.
 */
export function readHolidays(text: string): Checked<OwnDays> {
  const problems: Problem[] = [];
  const days = new Map<string, OwnDay>();
  for (const [index, line] of text.split('\n').entries()) {
    if (!/\d/.test(line)) continue;
    const found = dayIn(line);
    if (found) days.set(found.date, { date: found.date, kind: 'holiday', name: nameIn(found.rest), hours: null });
    else problems.push(problem(`line.${index + 1}`, 'line_no_day'));
  }
  if (problems.length > 0) return { ok: false, problems };
  if (days.size === 0) return { ok: false, problems: [problem('list', 'list_no_day')] };
  if (days.size > LONGEST_LIST) return { ok: false, problems: [problem('list', 'list_long', LONGEST_LIST)] };
  const sorted = [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  return { ok: true, value: { days: sorted, through: `${sorted.at(-1)?.date.slice(0, 4)}-12-31` } };
}

/** The person's days with a list taken in: a day that both know becomes the list's. */
export function addDays(known: OwnDays, added: OwnDays): OwnDays {
  const dates = new Set(added.days.map(({ date }) => date));
  const days = [...known.days.filter(({ date }) => !dates.has(date)), ...added.days].slice(-LONGEST_LIST);
  const through = [known.through, added.through].filter((one) => one !== null).sort();
  return { days: days.sort((a, b) => (a.date < b.date ? -1 : 1)), through: through.at(-1) ?? null };
}

// The exchange publishes its list in English.
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function dayIn(line: string): { date: string; rest: string } | null {
  const [all, a = '', b = '', c = ''] =
    /(20\d\d)-(\d\d)-(\d\d)/.exec(line) ?? /(\d{1,2})[-/ ]([A-Za-z]{3,9}|\d{1,2})[-/ ,]+(20\d\d)/.exec(line) ?? [];
  if (all === undefined) return null;
  const [year, month, day] = a.length === 4 ? [a, b, c] : [c, b, a];
  const name = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  const date = `${year}-${String(name || Number(month)).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(date) ? { date, rest: line.replace(all, ' ') } : null;
}

function nameIn(rest: string): string {
  const words = rest.replaceAll(/\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|["\t,;|]|^\s*\d+\b/gi, ' ');
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, 60);
}

function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}
