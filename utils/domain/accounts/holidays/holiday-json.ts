import type { MarketId } from '../../../shared/market.ts';
import { pythonToJson } from '../../../shared/python-text.ts';
import { istClock } from '../../../shared/time.ts';
import { say } from '../../base/words.ts';
import { flagOf } from './columns.ts';
import type { Found, Row } from './holiday-row.ts';
import { nameIn, sessionsIn } from './holiday-words.ts';
import { isOwnSegment, isSegment, namesMarket, ownedBy } from './segments.ts';
import { between } from './several-days.ts';
import { dateAt, daysIn, type WrittenDay } from './written-days.ts';

const DATE_FIELD = /^(?:trading_?date|holiday_?date|date|day|tradeDate|start)$/i;
const NAME_FIELD = /^(?:description|name|holiday|holiday_?name|reason|title|summary|event|occasion|purpose)$/i;

/** Reads a list that is JSON, as NSE, Upstox, OpenAlgo and others give it; null where the text is none. */
export function readEntries(text: string, market: MarketId): Found | null {
  const found: Found = { rows: [], passed: [], problems: [], year: null };
  const trimmed = unwrapped(text.trim().replace(/^\ufeff/, ''));
  const inside = /[{[][\s\S]*[}\]]/.exec(trimmed)?.[0] ?? '';
  const body = [trimmed, inside, pythonToJson(inside)].map(parsedIn).find((one) => one !== null);
  if (body !== undefined) read(body, market, found);
  // Read as lines, what is cut off would mix the days of all segments.
  else if (/^\{|\{\s*["']?\w+["']?\s*:/.test(trimmed))
    found.problems.push({ field: 'list', message: say('problem_list_broken') });
  else return null;
  return found;
}

/** JSON that a program wrote down as a text once more. */
function unwrapped(text: string): string {
  const inside = text.startsWith('"') ? parse(text) : null;
  return typeof inside === 'string' ? inside.trim() : text;
}

/** An object or a list: JSON as it stands, several in a row, or as a program holds it. */
function parsedIn(text: string): object | null {
  if (!/^[{[]/.test(text)) return null;
  const forms = [text, `[${text.replaceAll(/\}\s*\{/g, '},{')}]`, fromProgram(text)];
  return forms.map(parse).find((one): one is object => typeof one === 'object' && one !== null) ?? null;
}

/** Names without quotes, and a comma behind the last entry. */
function fromProgram(text: string): string {
  return text.replaceAll(/([{,]\s*)([A-Za-z_]\w*)\s*:/g, '$1"$2":').replaceAll(/,(\s*[}\]])/g, '$1');
}

function read(value: unknown, market: MarketId, found: Found): void {
  if (typeof value === 'string') readText(value, found);
  if (Array.isArray(value)) {
    for (const one of value) read(one, market, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const event = eventIn(value as Record<string, unknown>);
  if (event !== null) return void readEvent(event, found);
  const fields = Object.entries(value);
  if (isDatedList(fields)) return void readDatedList(fields, market, found);
  const dated = fields.find(([name, one]) => DATE_FIELD.test(name) && dayIn(one) !== null);
  if (dated) return void readRecord(dated[1], Object.fromEntries(fields), market, found);
  const isEntry = fields.some(([name]) => DATE_FIELD.test(name)) && fields.every(([, one]) => typeof one !== 'object');
  if (isEntry) return void found.problems.push(unreadable(value));
  for (const [name, one] of segmentsOf(fields, market, found)) readField(name, one, market, found);
}

/** A list with the day on which it was made beside it. */
function isDatedList(fields: [string, unknown][]): boolean {
  const holdsDay = (one: unknown) =>
    isRecord(one) ? Object.keys(one).some((name) => DATE_FIELD.test(name)) : typeof one === 'string' && dayIn(one);
  return fields.some(([, value]) => Array.isArray(value) && value.some(holdsDay));
}

function readDatedList(fields: [string, unknown][], market: MarketId, found: Found): void {
  for (const [name, value] of segmentsOf(fields, market, found)) readField(name, value, market, found);
}

interface CalendarEvent {
  first: WrittenDay;
  end: WrittenDay;
  record: Record<string, unknown>;
}

/** An event of Google's calendar: from a day to the one that is no part of it. */
function eventIn(record: Record<string, unknown>): CalendarEvent | null {
  const [first, end] = [record.start, record.end].map((one) => (isRecord(one) ? dayIn(one.date) : null));
  return first && end ? { first, end, record } : null;
}

function readEvent({ first, end, record }: CalendarEvent, found: Found): void {
  const name = nameIn(String(record.summary ?? ''));
  if (record.status === 'cancelled') return void found.passed.push({ text: name, why: 'open' });
  const more = between(first, end);
  if (more === null) return void found.problems.push(unreadable(record));
  for (const written of [first, ...more]) found.rows.push({ where: 'list', written, text: '', name, kind: 'closed' });
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
  if (/settlement|clearing|\bbank/i.test(type)) return void found.passed.push({ text: told, why: 'settlement' });
  const kind = kindOf(record, market);
  if (kind === 'unknown') return void found.problems.push(unreadable(record));
  if (kind === 'open' || kind === 'other_market' || kind === 'special')
    return void found.passed.push({ text: told, why: kind });
  const weekday = String(record.weekDay ?? record.weekday ?? record.day_of_week ?? '');
  found.rows.push({ where: 'list', written, text: weekday, name, kind });
}

type Kind = Row['kind'] | 'open' | 'other_market' | 'special' | 'unknown';

function kindOf(record: Record<string, unknown>, market: MarketId): Kind {
  if (saysOpen(record)) return 'open';
  if (isOfOthers(record, market)) return 'other_market';
  const own = openHours(record.open_exchanges, market);
  if (own !== null) return own;
  const { closed_exchanges: shut, open_exchanges: opened } = record;
  const isNamed = [shut, opened].some((one) => Array.isArray(one) && one.length > 0);
  if (isNamed && Array.isArray(shut) && !namesMarket(shut, market)) return 'other_market';
  const morning = record.morning_session ?? record.morningSession ?? '';
  const evening = record.evening_session ?? record.eveningSession ?? '';
  if (namesMarket(['MCX'], market) && (morning !== '' || evening !== ''))
    return sessionsIn(`${morning} ${evening}`.replaceAll(/\bholiday\b/gi, 'closed')) ?? 'unknown';
  if (/half|early|partial|special/i.test(String(record.holiday_type ?? record.type ?? ''))) return 'special';
  return 'closed';
}

const STATUS = /^(?:market_?)?status$/i;
const OWNER = /^(?:exchange|exch|segment|market)(?:_?(?:name|code|segment))?$/i;

/** A list of every day, with a flag or a word beside each. */
function saysOpen(record: Record<string, unknown>): boolean {
  return Object.entries(record).some(([name, value]) => {
    const word = String(value).toLowerCase();
    return STATUS.test(name) ? word === 'open' : flagOf(name, word) === 'open';
  });
}

/** An entry that names its exchange or segment. */
function isOfOthers(record: Record<string, unknown>, market: MarketId): boolean {
  const owners = Object.entries(record).flatMap(([name, value]) =>
    OWNER.test(name) && typeof value === 'string' ? (ownedBy(value, market) ?? []) : [],
  );
  return owners.length > 0 && !owners.includes('own');
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
  // `/Date(1800901800000)/` is how .NET writes a moment, as on MCX's site.
  const [, moment] = /^(?:\/Date\()?(\d{10}|\d{13})(?:[+-]\d{4})?(?:\)\/)?$/.exec(String(value)) ?? [];
  if (moment !== undefined) return daysIn(dateAt(Number(moment)))[0] ?? null;
  if (typeof value === 'number') return daysIn(String(value))[0] ?? null;
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
