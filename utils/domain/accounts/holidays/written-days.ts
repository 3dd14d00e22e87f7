import { istClock } from '../../../shared/time.ts';

/** A day as it stands in a text: from `at` to `end`. The year is null where none was written; `order` is set where day and month could be either. */
export interface WrittenDay {
  at: number;
  end: number;
  year: number | null;
  month: number;
  day: number;
  isNumeric: boolean;
}

/** How a list writes days in digits: India's way, or the American. */
export type Order = 'day-first' | 'month-first';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])';
const NEXT_MONTH = MONTH.replace('(', '(?:');
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?';
const GAP = "[\\s./,'’-]*";
// In `1 January 26, 2027` the one is the line’s number.
const NUMBERED = '(?![\\s.]*\\d{1,2}(?:st|nd|rd|th)?,?\\s+20\\d\\d)';

interface Form {
  pattern: string;
  read(groups: string[]): Omit<WrittenDay, 'at' | 'end'> | null;
}

/** Every way in which exchanges, brokers and calendar files write a day; the first that fits at a place counts. */
const FORMS: Form[] = [
  {
    // With a time and a zone it is a moment: midnight in India stands as 18:30 of the day before.
    // Between day and time may be a blank, where seconds tell it from a session's two times.
    pattern:
      '(20\\d\\d-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?| \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)(?:Z| ?UTC|[+-]\\d\\d:?\\d\\d))',
    read: ([moment = '']) => {
      const at = Date.parse(moment.replace(/ ?UTC$/i, 'Z').replace(' ', 'T'));
      return Number.isNaN(at) ? null : dayOn(at);
    },
  },
  {
    pattern: '(20\\d\\d)[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)(?:T[\\d:.]+)?',
    read: ([year, month, day]) => numbers(year, month, day, false),
  },
  {
    pattern: '(20\\d\\d)(0[1-9]|1[0-2])([0-2]\\d|3[01])(?!\\d)',
    read: ([year, month, day]) => numbers(year, month, day, false),
  },
  {
    // In `26 January, 22 March` the second number is the next day.
    pattern: `${DAY}${GAP}(?:of )?${MONTH}${NUMBERED}\\.?${GAP}(20\\d\\d|\\d\\d(?!(?:st|nd|rd|th)?${GAP}(?:of )?${NEXT_MONTH}))(?![\\d:])`,
    read: ([day, month, year]) => named(year, month, day),
  },
  {
    pattern: `${MONTH}\\.?${GAP}${DAY}[\\s./,'-]+(20\\d\\d)(?!\\d)`,
    read: ([month, day, year]) => named(year, month, day),
  },
  {
    pattern: '(\\d{1,2})[-/.](\\d{1,2})[-/.](20\\d\\d|\\d\\d)(?![\\d:])',
    read: ([day, month, year]) => numbers(year, month, day, true),
  },
  { pattern: `${DAY}${GAP}(?:of )?${MONTH}${NUMBERED}`, read: ([day, month]) => named(undefined, month, day) },
  { pattern: `${MONTH}\\.?[\\s-]*${DAY}(?![\\d:])`, read: ([month, day]) => named(undefined, month, day) },
];
const ANY = new RegExp(FORMS.map(({ pattern }) => `(?<![\\w.])(?:${pattern})`).join('|'), 'gi');
const COUNTS = FORMS.map(({ pattern }) => (pattern.match(/\((?!\?)/g) ?? []).length);

/** The days that a text names, in order. */
export function daysIn(text: string): WrittenDay[] {
  const found: WrittenDay[] = [];
  for (const match of text.matchAll(ANY)) {
    const [whole, ...groups] = match;
    let first = 0;
    for (const [index, form] of FORMS.entries()) {
      const own = groups.slice(first, first + (COUNTS[index] ?? 0));
      first += COUNTS[index] ?? 0;
      const read = own[0] === undefined ? null : form.read(own);
      if (read) found.push({ ...read, at: match.index, end: match.index + whole.length });
    }
  }
  return found;
}

/** The day as `2027-01-26`, or null where there is none such. `year` stands in where none was written. */
export function dateOf(
  { year: own, month, day, isNumeric }: WrittenDay,
  order: Order,
  year: number | null,
): string | null {
  const [m, d] = isNumeric && order === 'month-first' ? [day, month] : [month, day];
  const y = own ?? year;
  if (y === null) return null;
  const date = `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
  return isDate(date) ? date : null;
}

/** `2027-01-26` of a moment in ms or in seconds since 1970, in India. */
export function dateAt(moment: number): string {
  return istClock(moment > 1e11 ? moment : moment * 1_000).date;
}

const WEEKDAY = /(?<![a-z])(sun|mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?)(?:day)?(?![a-z])/gi;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** True where a text names weekdays, and none of them is the day's: one of the two is wrong. */
export function deniesWeekday(text: string, date: string): boolean {
  const named = [...text.matchAll(WEEKDAY)].map(([, name = '']) => WEEKDAYS.indexOf(name.slice(0, 3).toLowerCase()));
  return named.length > 0 && !named.includes(new Date(`${date}T00:00Z`).getUTCDay());
}

/** A text without the weekdays in it. */
export function withoutWeekdays(text: string): string {
  return text.replaceAll(WEEKDAY, ' ');
}

function isDate(date: string): boolean {
  const at = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

function dayOn(at: number): Omit<WrittenDay, 'at' | 'end'> {
  const [year = 0, month = 0, day = 0] = istClock(at).date.split('-').map(Number);
  return { year, month, day, isNumeric: false };
}

function named(year: string | undefined, month = '', day = ''): Omit<WrittenDay, 'at' | 'end'> {
  const index = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
  return { year: yearOf(year), month: index + 1, day: Number(day), isNumeric: false };
}

function numbers(year = '', month = '', day = '', isNumeric: boolean): Omit<WrittenDay, 'at' | 'end'> {
  return { year: yearOf(year), month: Number(month), day: Number(day), isNumeric };
}

function yearOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  return text.length === 2 ? 2_000 + Number(text) : Number(text);
}
