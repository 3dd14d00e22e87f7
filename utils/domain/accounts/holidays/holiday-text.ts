import type { MarketId } from '../../../shared/market.ts';
import { UNSEEN } from '../../base/unseen.ts';
import { say } from '../../base/words.ts';
import { headsIn, saidByCells } from './columns.ts';
import { eventsOf } from './events.ts';
import type { Found, Passed, Row } from './holiday-row.ts';
import { nameIn, namesSession, sessionsIn } from './holiday-words.ts';
import { between, daysBeside, isRangeBy } from './several-days.ts';
import { daysIn, type WrittenDay, withoutWeekdays } from './written-days.ts';

/** Reads a list line by line: a table, CSV, a circular, a calendar file, or a page that was copied whole. */
export function readLines(pasted: string, market: MarketId): Found {
  const lines = linesOf(pasted);
  const found: Found = { rows: [], passed: [], problems: [], year: null };
  let skips: Passed['why'] | null = null;
  let heads: string[] | null = null;
  const years: number[] = [];
  for (const [index, text] of lines.entries()) {
    const where = `line.${index + 1}`;
    const days = daysIn(text);
    if (days.length === 0) {
      skips = sectionOf(text, market) ?? (isHeading(text) ? null : skips);
      heads = headsIn(text, market) ?? heads;
      const year = yearIn(text);
      if (year !== null) years.push(year);
      if (/\d/.test(text.replaceAll(CLOCK_TIME, ''))) readHeading(text, where, found);
      else nameLast(found.rows, lines, index);
    } else if (skips !== null) found.passed.push({ text: text.trim(), why: skips });
    else readDays(text, withYear(days, years.at(-1) ?? null), where, { market, heads }, found);
  }
  // Days above two years may be of either one.
  const [year = null, ...others] = new Set(years);
  return { ...found, year: others.length === 0 ? year : null };
}

function isSameDay(one: WrittenDay, other: WrittenDay): boolean {
  return one.month === other.month && one.day === other.day;
}

/** Days that stand without a year: in that of a later day of their line, else in that of the heading above. */
function withYear(days: WrittenDay[], above: number | null): WrittenDay[] {
  const last = days.findLast((day) => day.year !== null);
  const isBefore = (day: WrittenDay, end: WrittenDay) => day.month * 31 + day.day <= end.month * 31 + end.day;
  // A name may say its day again: `02-Oct-2027 Gandhi Jayanti (2nd October)`.
  const isSaid = (day: WrittenDay) => days.some((one) => one.year !== null && isSameDay(one, day));
  return days
    .filter((day) => day.year !== null || !isSaid(day))
    .map((day) => {
      if (day.year !== null) return day;
      if (last === undefined) return { ...day, year: above };
      return day.at < last.at && isBefore(day, last) ? { ...day, year: last.year } : day;
    });
}

// MCX writes the hours of its sessions above their columns.
const CLOCK_TIME = /\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\b/g;

function linesOf(pasted: string): string[] {
  const text = pasted
    .replaceAll(UNSEEN, '')
    .replaceAll(/[\u00a0\u2002-\u200a\u202f]/g, ' ')
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-');
  if (text.includes('BEGIN:VEVENT')) return eventsOf(text);
  return (/<\/(?:t[dhr]|li|p|div)>/i.test(text) ? rowsOfHtml(text) : text).replaceAll(SENT_BY, '').split(/\r\n|\r|\n/);
}

// What WhatsApp puts before each message.
const SENT_BY =
  /^\[?\d{1,2}\/\d{1,2}\/\d{2,4},? \d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]m)?\]?\s*(?:-\s*)?[^:\n\d]{1,40}:\s/gim;

function rowsOfHtml(text: string): string {
  return text
    .replaceAll(/<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1>/gi, '')
    .replaceAll(/<\/?(?:del|s|strike)>/gi, '~~')
    .replaceAll(/\s*[\r\n]\s*/g, ' ')
    .replaceAll(/<\/tr>|<\/h\d>|<\/(?:p|li|div)>|<br\s*\/?>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '\t')
    .replaceAll('&amp;', '&')
    .replaceAll('&nbsp;', ' ');
}

/** A line without a day: a year for the days below, a number of its own, or something that cannot be read. */
function readHeading(text: string, where: string, found: Found): void {
  const isRemark = REMARK.test(text) && !MAY_BE_DAY.test(text);
  if (yearIn(text) !== null || COPYRIGHT.test(text) || isRemark) return;
  if (!/^\s*["'(]?\d{1,3}[.)"',]*\s*$/.test(text))
    found.problems.push({ field: where, message: say('problem_line_no_day') });
}

// The lines of a circular around its table, and of a page around its list.
const REMARK =
  /\b(?:circular|ref(?:erence)?|clause|regulations?|section|tel|phone|fax|toll[- ]free|helpline|page)\b|https?:|www\.|@/i;
const MAY_BE_DAY =
  /\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?!\d)|\d(?:st|nd|rd|th)\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const COPYRIGHT = /©|\(c\)|\bcopyright\b|\ball rights reserved\b/i;

/** The year that a heading names. A page's own year says nothing of its list. */
function yearIn(text: string): number | null {
  const [, year] = /^\D*(20\d\d)\D*$/.exec(text) ?? [];
  if (year === undefined || COPYRIGHT.test(text) || /\b(?:at|from|until)\b/i.test(text)) return null;
  return Number(year);
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
  const isOfExchange = EXCHANGE.test(text) && /\bholidays?\b/i.test(text) && text.length <= LONGEST_HEADING;
  if (!isOfExchange && !/\b(?:segments?|derivatives|market)\b/i.test(text)) return null;
  const named = SEGMENTS.filter(({ pattern }) => pattern.test(text));
  const isOurs = named.length === 0 || named.some(({ markets }) => markets.includes(market));
  return isOurs ? null : 'other_market';
}

const EXCHANGE = /\b(?:NSE|BSE|MCX|NCDEX)\b/;
const LONGEST_HEADING = 80;
const COMMODITIES: readonly MarketId[] = ['mcx', 'mcx-agri', 'mcx-agri-late'];
const SEGMENTS: { pattern: RegExp; markets: readonly MarketId[] }[] = [
  { pattern: /currency|interest rate/i, markets: ['currency'] },
  { pattern: /commodit|\b(?:MCX|NCDEX)\b/i, markets: COMMODITIES },
  { pattern: /equit|capital market|f\s*&\s*o|futures/i, markets: ['nse-fo', 'nse-equity'] },
  // Both have a currency segment too.
  { pattern: /\b(?:NSE|BSE)\b/, markets: ['nse-fo', 'nse-equity', 'currency'] },
];

/** Words that make the day behind them the one on which a list was made. */
const STAMP =
  /\b(?:as (?:on|of|at)|dated?|(?:last )?(?:updated|modified|revised)(?: on)?|published(?: on)?|issued(?: on)?|effective(?: from)?|w\.?e\.?f\.?|with effect from|circular[^,;]*|ref(?:erence)?\b\.?(?: no\b)?[^,;]*|(?:NSE|BSE|MCX)\/[\w/.-]+|generated(?: on)?|posted(?: on)?|by\b\D*|downloaded(?: on)?|(?:sent|received|forwarded|committed|created|fetched|exported|accessed|saved)(?: on| at)?|page \d[^,;]*|printed(?: on)?|notice[^,;]*)\s*[:,-]?\s*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)?$/i;
const SPECIAL =
  /\b(?:live trading|special (?:live )?(?:trading )?session|trading (?:will|shall) be|(?:will|shall) (?:remain|be) open|open for trading|(?:is|are|was|remains?|stays?) open|open on|(?:normal|full|usual|regular|mock) trading|trading (?:as usual|(?:from|between) \d+)|half[- ]day|early clos(?:e|ing)|short(?:ened)? session|trading day|working (?:day|saturday|sunday)|(?:no|not a) holiday|expir(?:y|ies))\b|\bmuhurat trading (?:will|shall|on|session)\b/i;
const SETTLEMENT = /\b(?:clearing|settlement) holiday\b/i;

/** A day that takes another one's place, or is none any more: which of the days is a holiday cannot be told. */
const CHANGE =
  /\b(?:instead of|in (?:place|lieu) of|(?:moved|shifted|preponed|postponed|advanced|rescheduled|changed|revised) (?:from|to)|except(?:ing)?|excluding|other than|not (?:observed|applicable)|cancell?ed|withdrawn|revoked|no longer|stands? (?:revised|modified))\b|~~/i;

interface Table {
  market: MarketId;
  heads: readonly string[] | null;
}

function readDays(text: string, written: WrittenDay[], where: string, { market, heads }: Table, found: Found): void {
  if (SPECIAL.test(text)) return void found.passed.push({ text: text.trim(), why: 'special' });
  if (SETTLEMENT.test(text)) return void found.passed.push({ text: text.trim(), why: 'settlement' });
  if (isOfOthers(text, market)) return void found.passed.push({ text: text.trim(), why: 'other_market' });
  const said = saidByCells(text, heads, market);
  if (said === 'open' || said === 'other_market') return void found.passed.push({ text: text.trim(), why: said });
  if (said === 'unclear') return void found.problems.push({ field: where, message: say('problem_line_session') });
  if (said === null && OPEN.test(text)) return void found.passed.push({ text: text.trim(), why: 'open' });
  if (CHANGE.test(text)) return void found.problems.push({ field: where, message: say('problem_line_change') });
  const sessions = said === null ? sessionsIn(text) : null;
  if (sessions !== null && !COMMODITIES.includes(market))
    return void found.passed.push({ text: text.trim(), why: 'other_market' });
  if (sessions === 'open') return void found.passed.push({ text: text.trim(), why: 'open' });
  if (sessions === null && COMMODITIES.includes(market) && [text, ...(heads ?? [])].some(namesSession))
    return void found.problems.push({ field: where, message: say('problem_line_session') });
  const kind = sessions ?? 'closed';
  for (const [index, day] of written.entries()) {
    const next = written[index + 1];
    const before = text.slice(written[index - 1]?.end ?? 0, day.at);
    const after = text.slice(day.end, next?.at);
    if (MOMENT.test(after) || (STAMP.test(text.slice(0, day.at)) && !isNamedRow(before, after))) {
      found.passed.push({ text: text.trim(), why: 'stamp' });
      continue;
    }
    const isRange = next !== undefined && isRangeBy(before, after);
    if (isRange && between(day, next) === null) return void found.passed.push({ text: text.trim(), why: 'stamp' });
    const more = daysBeside(before, after, day, text, found.rows.length);
    if (more === null) return void found.problems.push({ field: where, message: say('problem_line_no_day') });
    const around = written.length === 1 ? `${before} ${after}` : isRange ? text.slice(next.end) : after;
    const row = { where, text: around, name: nameIn(around), kind };
    found.rows.push(...[day, ...more].map((written) => ({ ...row, written })));
    if (isRange) found.rows.push(...(between(day, next) ?? []).map((written) => ({ ...row, text: '', written })));
  }
}

// As a browser prints a page, or a letter is dated.
const MOMENT = /^, \d{1,2}:\d\d(?::\d\d)?(?![\d:])|^ \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})/;

/** A row's last column, where it says of an exchange with one session that it trades. */
const OPEN = /^(?!.*\bclosed?\b).*[\t,|;]\s*open\W*$/i;

/** `Currency only` behind a day, or `(MCX)`. */
function isOfOthers(text: string, market: MarketId): boolean {
  const [inBrackets = ''] = /\([^()]*\)\W*$/.exec(text) ?? [];
  const isOnly = /\bonly\b/i.test(text);
  const named = SEGMENTS.filter(({ pattern }) => pattern.test(isOnly ? text : inBrackets));
  return (isOnly || inBrackets !== '') && named.length > 0 && !named.some(({ markets }) => markets.includes(market));
}

/** `Date: 26-Jan-2027, Republic Day` is a row, though it begins like a stamp. */
function isNamedRow(before: string, after: string): boolean {
  return /^\W*date\W*$/i.test(before) && /[a-z]{3}/i.test(withoutWeekdays(after));
}
