import type { MarketId } from '../../shared/market.ts';
import { pythonToJson } from '../../shared/python-text.ts';
import { istClock } from '../../shared/time.ts';
import { say } from '../base/words.ts';
import type { Found, Row } from './holiday-row.ts';
import { nameIn, sessionsIn } from './holiday-words.ts';
import { isOwnSegment, isSegment, namesMarket } from './segments.ts';
import { dateAt, daysIn } from './written-days.ts';

const DATE_FIELD = /^(?:trading_?date|holiday_?date|date|day|tradeDate|start)$/i;
const NAME_FIELD = /^(?:description|name|holiday|holiday_?name|reason|title|summary|event|occasion|purpose)$/i;

/** Reads a list that is JSON, as NSE, Upstox, OpenAlgo and others give it; null where the text is none. */
export function readEntries(text: string, market: MarketId): Found | null {
  const found: Found = { rows: [], passed: [], problems: [], year: null };
  const trimmed = text.trim().replace(/^\ufeff/, '');
  if (!/^[{[]/.test(trimmed)) return null;
  const body = parse(trimmed) ?? parse(`[${trimmed.replaceAll(/\}\s*\{/g, '},{')}]`) ?? parse(pythonToJson(trimmed));
  if (typeof body === 'object' && body !== null) read(body, market, found);
  // Read as lines, what is cut off would mix the days of all segments.
  else if (trimmed.startsWith('{')) found.problems.push({ field: 'list', message: say('problem_list_broken') });
  else return null;
  return found;
}

function read(value: unknown, market: MarketId, found: Found): void {
  if (typeof value === 'string') readText(value, found);
  if (Array.isArray(value)) {
    for (const one of value) read(one, market, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = Object.entries(value);
  const dated = fields.find(([name, one]) => DATE_FIELD.test(name) && dayIn(one) !== null);
  if (dated) return void readRecord(dated[1], Object.fromEntries(fields), market, found);
  const isEntry = fields.some(([name]) => DATE_FIELD.test(name)) && fields.every(([, one]) => typeof one !== 'object');
  if (isEntry) return void found.problems.push(unreadable(value));
  for (const [name, one] of segmentsOf(fields, market, found)) readField(name, one, market, found);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readField(name: string, value: unknown, market: MarketId, found: Found): void {
  const [day, ...more] = daysIn(name);
  if (day && more.length === 0 && isRecord(value)) return void readRecord(name, value, market, found);
  if (typeof value === 'object') return void read(value, market, found);
  // A map from the day to its name; any other text that names a day says when the list was made.
  if (day && more.length === 0 && typeof value === 'string')
    found.rows.push({ where: 'list', written: day, text: value, name: nameIn(value), kind: 'closed' });
  else if (typeof value === 'string' && daysIn(value).length > 0)
    found.passed.push({ text: `${name}: ${value}`.slice(0, 100), why: 'stamp' });
}

/** Of several segments only the market's own counts: each has holidays that the others do not have. */
function segmentsOf(fields: [string, unknown][], market: MarketId, found: Found): [string, unknown][] {
  const segments = fields.filter(([name, value]) => Array.isArray(value) && isSegment(name));
  if (segments.length === 0) return fields;
  const own = segments.filter(([name]) => isOwnSegment(name, market));
  const left = segments.filter((one) => !own.includes(one)).map(([name]) => name);
  if (own.length === 0)
    found.problems.push({ field: 'list', message: say('problem_list_other_market', left.join(', ')) });
  else if (left.length > 0) found.passed.push({ text: left.join(', '), why: 'other_market' });
  return own;
}

function readText(text: string, found: Found): void {
  const days = daysIn(text);
  if (days.length === 0) return void found.problems.push(unreadable(text));
  for (const written of days)
    found.rows.push({ where: 'list', written, text, name: nameIn(text.slice(written.end)), kind: 'closed' });
}

function readRecord(date: unknown, record: Record<string, unknown>, market: MarketId, found: Found): void {
  const written = dayIn(date);
  if (!written) return;
  const named = Object.entries(record).find(([name, value]) => NAME_FIELD.test(name) && typeof value === 'string');
  const name = nameIn(String(named?.[1] ?? ''));
  const told = `${String(date)} ${name}`.trim();
  const type = String(record.holiday_type ?? record.type ?? '');
  if (/settlement|clearing/i.test(type)) return void found.passed.push({ text: told, why: 'settlement' });
  const kind = kindOf(record, market);
  if (kind === 'open' || kind === 'other_market') return void found.passed.push({ text: told, why: kind });
  const weekday = String(record.weekDay ?? record.weekday ?? record.day_of_week ?? '');
  found.rows.push({ where: 'list', written, text: weekday, name, kind });
}

function kindOf(record: Record<string, unknown>, market: MarketId): Row['kind'] | 'open' | 'other_market' {
  if (saysOpen(record)) return 'open';
  const own = openHours(record.open_exchanges, market);
  if (own !== null) return own;
  const { closed_exchanges: shut, open_exchanges: opened } = record;
  const isNamed = [shut, opened].some((one) => Array.isArray(one) && one.length > 0);
  if (isNamed && Array.isArray(shut) && !namesMarket(shut, market)) return 'other_market';
  const { morning_session: morning, evening_session: evening } = record;
  if (namesMarket(['MCX'], market) && typeof morning === 'string' && typeof evening === 'string')
    return sessionsIn(`${morning} ${evening}`) ?? 'closed';
  return 'closed';
}

/** A list of every day, with a flag beside each. */
function saysOpen(record: Record<string, unknown>): boolean {
  return Object.entries(record).some(
    ([name, value]) =>
      (/^(?:is_?)?holiday$/i.test(name) && value === false) ||
      (/^(?:is_?)?(?:open|trading(?:_?day)?)$/i.test(name) && value === true),
  );
}

/** The hours at which an exchange trades on a day on which others do not. */
function openHours(listed: unknown, market: MarketId): { from: number; to: number } | null {
  if (!Array.isArray(listed)) return null;
  const own = listed.find((one) => namesMarket([one?.exchange], market));
  const [from, to] = [Number(own?.start_time), Number(own?.end_time)];
  if (!(from > 0 && to > from)) return null;
  const minutes = { from: istClock(from).minutes, to: istClock(to).minutes };
  return minutes.to > minutes.from ? minutes : null;
}

function dayIn(value: unknown) {
  if (typeof value === 'number') return value > 1e9 ? (daysIn(dateAt(value))[0] ?? null) : null;
  if (typeof value !== 'string') return null;
  const days = daysIn(value);
  return days.length === 1 ? (days[0] ?? null) : null;
}

function unreadable(value: unknown) {
  return { field: 'list', message: say('problem_list_entry', JSON.stringify(value).slice(0, 60)) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
