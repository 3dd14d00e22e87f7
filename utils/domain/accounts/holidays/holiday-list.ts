import { type OwnDay, OwnDays } from '../../../shared/calendar.ts';
import { MARKETS, type MarketId, sessionHours } from '../../../shared/market.ts';
import { type Checked, check } from '../../base/check.ts';
import { say } from '../../base/words.ts';
import { readEntries } from './holiday-json.ts';
import type { Passed, Row } from './holiday-row.ts';
import { readLines } from './holiday-text.ts';
import { dateOf, deniesWeekday, type Order } from './written-days.ts';

/** What a pasted list was understood to say: shown day by day before it counts. */
export interface Understood {
  list: OwnDays;
  passed: Passed[];
}

const LONGEST_LIST = 400;

/**
 * Reads a year's list of holidays as it is pasted: lines, tables, CSV, the exchanges' and brokers' JSON, calendar files.
 * What cannot be read is a problem with its place; what names a day and is no holiday of this market is told as passed over.
 */
export function readHolidays(text: string, market: MarketId): Checked<Understood> {
  const { rows, passed, problems, year } = readEntries(text, market) ?? readLines(text, market);
  const order = orderOf(rows);
  const days = new Map<string, OwnDay>();
  const all = [...passed];
  const madeOn = madeOnIn(rows, year);
  if (madeOn) all.push({ text: dateOf(madeOn.written, order, year) ?? '', why: 'stamp' });
  for (const row of rows) {
    if (row === madeOn) continue;
    const date = dateOf(row.written, order, year);
    const wrong = problemOf(row, date);
    if (date === null || wrong !== null)
      problems.push({ field: row.where, message: wrong ?? say('problem_line_no_day') });
    else if (isKnownSession(date, market)) all.push({ text: `${date} ${row.name}`.trim(), why: 'special' });
    else days.set(date, join(days.get(date), dayOf(date, row, market)));
  }
  if (problems.length > 0) return { ok: false, problems };
  const [others] = all.filter(({ why }) => why === 'other_market');
  if (days.size === 0)
    return notAList(others ? say('problem_list_other_market', others.text) : say('problem_list_no_day'));
  if (days.size > LONGEST_LIST) return notAList(say('problem_list_long', LONGEST_LIST));
  const sorted = [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  const list = check(OwnDays, { days: sorted, through: throughOf(sorted) });
  return list.ok ? { ok: true, value: { list: list.value, passed: all } } : list;
}

/** A day without a name, of a year before all others and above them, which have names: the day on which the list was made. */
function madeOnIn(rows: readonly Row[], year: number | null): Row | null {
  const [first, ...others] = rows;
  const yearIn = ({ written }: Row) => written.year ?? year ?? 0;
  if (first === undefined || first.name !== '' || others.length < 2) return null;
  return others.every((row) => row.name !== '' && yearIn(row) > yearIn(first)) ? first : null;
}

/** One day says nothing of the rest of its year; a list does. */
function throughOf(days: readonly OwnDay[]): string | null {
  return days.length < 2 ? null : `${days.at(-1)?.date.slice(0, 4)}-12-31`;
}

/** America's order only where India's is impossible for a day of the list, and its own for none. */
function orderOf(rows: readonly Row[]): Order {
  const numeric = rows.filter(({ written }) => written.isNumeric);
  const fits = (order: Order) =>
    numeric.every(({ written, text }) => {
      const date = dateOf(written, order, null);
      return date !== null && !deniesWeekday(text, date);
    });
  return !fits('day-first') && fits('month-first') ? 'month-first' : 'day-first';
}

function problemOf({ written, text }: Row, date: string | null): string | null {
  if (date !== null) return deniesWeekday(text, date) ? say('problem_line_weekday', date) : null;
  return written.year === null ? say('problem_line_no_year') : say('problem_line_no_day');
}

/** A weekend's special session, such as Muhurat, that we know of: a holiday of that Sunday's name does not end it. */
function isKnownSession(date: string, market: MarketId): boolean {
  return MARKETS[market].days.special.some((one) => one.date === date);
}

function dayOf(date: string, { name, kind }: Row, market: MarketId): OwnDay {
  const own = { date, name };
  const hours = kind === 'morning' || kind === 'evening' ? sessionHours(date, market, kind) : kind;
  if (hours === 'closed' || hours === null) return { ...own, kind: 'holiday', hours: null };
  const { from, to } = hours;
  const clock = (minutes: number) => ({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
  return { ...own, kind: 'trading', hours: { from: clock(from), to: clock(to) } };
}

function join(known: OwnDay | undefined, added: OwnDay): OwnDay {
  return { ...added, name: added.name || (known?.name ?? '') };
}

function notAList(message: string): Checked<Understood> {
  return { ok: false, problems: [{ field: 'list', message }] };
}
