import type { MarketId } from '../../../shared/market.ts';
import { say } from '../../base/words.ts';
import type { Found, Passed, Row } from './holiday-row.ts';
import { nameIn, sessionsIn } from './holiday-words.ts';
import { between, daysBeside, RANGE } from './several-days.ts';
import { daysIn, type WrittenDay, withoutWeekdays } from './written-days.ts';

/** Reads a list line by line: a table, CSV, a circular, a calendar file, or a page that was copied whole. */
export function readLines(pasted: string, market: MarketId): Found {
  const lines = linesOf(pasted);
  const found: Found = { rows: [], passed: [], problems: [], year: null };
  let skips: Passed['why'] | null = null;
  for (const [index, text] of lines.entries()) {
    const where = `line.${index + 1}`;
    const days = daysIn(text);
    if (days.length === 0) {
      skips = sectionOf(text, market) ?? (isHeading(text) ? null : skips);
      if (/\d/.test(text.replaceAll(CLOCK_TIME, ''))) readHeading(text, where, found);
      else nameLast(found.rows, lines, index);
    } else if (skips !== null) found.passed.push({ text: text.trim(), why: skips });
    else readDays(text, days, where, market, found);
  }
  return found;
}

// MCX writes the hours of its sessions above their columns.
const CLOCK_TIME = /\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\b/g;

// Editors and web pages put these in where nobody sees them.
const UNSEEN = /[\u200b-\u200f\u2060\ufeff\u00ad]/g;

function linesOf(pasted: string): string[] {
  const text = pasted
    .replaceAll(UNSEEN, '')
    .replaceAll(/[\u00a0\u2002-\u200a\u202f]/g, ' ')
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-');
  if (text.includes('BEGIN:VEVENT')) return eventsOf(text);
  return (/<\/t[dhr]>/i.test(text) ? rowsOfHtml(text) : text).split(/\r\n|\r|\n/);
}

/** A calendar file's events, each as a line: its other dates say when it was made. */
function eventsOf(text: string): string[] {
  const events = text
    .replaceAll(/\r?\n[ \t]/g, '')
    .split('BEGIN:VEVENT')
    .slice(1);
  return events.map((event) => {
    const [, start = ''] = /^DTSTART[^:\n]*:(\d{8})/m.exec(event) ?? [];
    const [, name = ''] = /^SUMMARY[^:\n]*:(.*)$/m.exec(event) ?? [];
    return `${start} ${name.replaceAll('\\', '').trim()}`;
  });
}

function rowsOfHtml(text: string): string {
  return text
    .replaceAll(/\s*[\r\n]\s*/g, ' ')
    .replaceAll(/<\/tr>|<\/h\d>|<\/p>|<br\s*\/?>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '\t')
    .replaceAll('&amp;', '&')
    .replaceAll('&nbsp;', ' ');
}

/** A line without a day: a year for the days below, a number of its own, or something that cannot be read. */
function readHeading(text: string, where: string, found: Found): void {
  const [, year] = /^\D*(20\d\d)\D*$/.exec(text) ?? [];
  if (year !== undefined && !/\b(?:at|from|until)\b/i.test(text)) found.year = Number(year);
  else if (!/^\s*["'(]?\d{1,3}[.)"',]*\s*$/.test(text))
    found.problems.push({ field: where, message: say('problem_line_no_day') });
}

// A copied page may put every cell on a line of its own: the name then follows its day.
function nameLast(rows: Row[], lines: readonly string[], index: number): void {
  const last = rows.at(-1);
  if (last?.name !== '' || isHeading(lines[index] ?? '')) return;
  last.text += ` ${lines[index]}`;
  last.name = nameIn(lines[index] ?? '');
}

function isHeading(text: string): boolean {
  return /\b(?:holidays?|segments?|calendar|sr\.?\s*no|description)\b/i.test(text);
}

/** Why the days under this heading are not taken; null where they are, or where the text is no such heading. */
function sectionOf(text: string, market: MarketId): Passed['why'] | null {
  if (/\b(?:clearing|settlement|bank) holidays?\b/i.test(text) && !/\btrading\b/i.test(text)) return 'settlement';
  if (!/\b(?:segments?|derivatives|market)\b/i.test(text)) return null;
  const named = SEGMENTS.filter(({ pattern }) => pattern.test(text));
  const isOurs = named.length === 0 || named.some(({ markets }) => markets.includes(market));
  return isOurs ? null : 'other_market';
}

const COMMODITIES: readonly MarketId[] = ['mcx', 'mcx-agri', 'mcx-agri-late'];
const SEGMENTS: { pattern: RegExp; markets: readonly MarketId[] }[] = [
  { pattern: /currency|interest rate/i, markets: ['currency'] },
  { pattern: /commodit/i, markets: COMMODITIES },
  { pattern: /equit|capital market|f\s*&\s*o|futures/i, markets: ['nse-fo', 'nse-equity'] },
];

/** Words that make the day behind them the one on which a list was made. */
const STAMP =
  /\b(?:as (?:on|of|at)|dated?|(?:last )?(?:updated|modified|revised)(?: on)?|published(?: on)?|issued(?: on)?|effective(?: from)?|w\.?e\.?f\.?|with effect from|circular[^,;]*|ref(?:erence)?\b\.?(?: no\b)?[^,;]*|(?:NSE|BSE|MCX)\/[\w/.-]+|generated(?: on)?|posted(?: on)?|by\b\D*|downloaded(?: on)?|printed(?: on)?|notice[^,;]*)\s*[:,-]?\s*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)?$/i;
const SPECIAL =
  /\b(?:live trading|special (?:live )?(?:trading )?session|trading (?:will|shall) be|(?:will|shall) (?:remain|be) open|open for trading|(?:is|are|was|remains?|stays?) open|open on|(?:normal|full|usual|regular|mock) trading|trading day|working (?:day|saturday|sunday)|(?:no|not a) holiday|expir(?:y|ies))\b|\bmuhurat trading (?:will|shall|on|session)\b/i;
const SETTLEMENT = /\b(?:clearing|settlement) holiday\b/i;

function readDays(text: string, written: WrittenDay[], where: string, market: MarketId, found: Found): void {
  if (SPECIAL.test(text)) return void found.passed.push({ text: text.trim(), why: 'special' });
  if (SETTLEMENT.test(text)) return void found.passed.push({ text: text.trim(), why: 'settlement' });
  if (isOfOthers(text, market)) return void found.passed.push({ text: text.trim(), why: 'other_market' });
  if (OPEN.test(text)) return void found.passed.push({ text: text.trim(), why: 'open' });
  const sessions = sessionsIn(text);
  if (sessions !== null && !COMMODITIES.includes(market))
    return void found.passed.push({ text: text.trim(), why: 'other_market' });
  if (sessions === 'open') return void found.passed.push({ text: text.trim(), why: 'open' });
  const kind = sessions ?? 'closed';
  for (const [index, day] of written.entries()) {
    const next = written[index + 1];
    const before = text.slice(written[index - 1]?.end ?? 0, day.at);
    const after = text.slice(day.end, next?.at);
    if (STAMP.test(text.slice(0, day.at)) && !isNamedRow(before, after)) {
      found.passed.push({ text: text.trim(), why: 'stamp' });
      continue;
    }
    const isRange = next !== undefined && RANGE.test(after);
    if (isRange && between(day, next) === null) return void found.passed.push({ text: text.trim(), why: 'stamp' });
    const more = daysBeside(before, after, day, text, found.rows.length);
    if (more === null) return void found.problems.push({ field: where, message: say('problem_line_no_day') });
    const around = written.length === 1 ? `${before} ${after}` : isRange ? text.slice(next.end) : after;
    const row = { where, text: around, name: nameIn(around), kind };
    found.rows.push(...[day, ...more].map((written) => ({ ...row, written })));
    if (isRange) found.rows.push(...(between(day, next) ?? []).map((written) => ({ ...row, text: '', written })));
  }
}

/** A row's last column, where it says of an exchange with one session that it trades. */
const OPEN = /^(?!.*\bclosed?\b).*[\t,|;]\s*open\W*$/i;

/** `Currency only` behind a day. */
function isOfOthers(text: string, market: MarketId): boolean {
  const named = SEGMENTS.filter(({ pattern }) => pattern.test(text));
  return /\bonly\b/i.test(text) && named.length > 0 && !named.some(({ markets }) => markets.includes(market));
}

/** `Date: 26-Jan-2027, Republic Day` is a row, though it begins like a stamp. */
function isNamedRow(before: string, after: string): boolean {
  return /^\W*date\W*$/i.test(before) && /[a-z]{3}/i.test(withoutWeekdays(after));
}
