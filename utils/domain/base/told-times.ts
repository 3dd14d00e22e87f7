import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';

/** A moment that another program wrote. `hasZone` is false where it named none: then it is read as a clock in India. */
export interface Told {
  at: number;
  hasZone: boolean;
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/i;
const ZONE = /(?:\d\s*Z|\b(?:GMT|UTC)|\d\s*[+-]\d\d:?\d\d)(?:\s*\([^)]*\))?$|\b(?:GMT|UTC)[+-]\d{4}\b/i;
// A month in digits is a month only behind its year: elsewhere it may be the day.
const DATE = /^(?:(\d{4})-(\d\d)-(\d\d)(?!\d)|(?=.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))/i;
const INDIA = /\s*\bIST$/i;

/**
 * A moment of this century, as text or as a number of milliseconds or seconds since 1970. Python and JavaScript leave the
 * zone out of their local times; without one a moment means the same on every computer: the clock in India. A day alone,
 * and what may be read in two ways, is none.
 */
export function toldMoment(value: string | number | null | undefined): Told | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || /^\d+(\.\d+)?$/.test(value.trim()))
    return ofThisCentury(fromNumber(Number(value)), true);
  // Postgres leaves the minutes of an offset out, and Java names the zone behind it.
  const text = value
    .trim()
    .replace(/\s+UTC$/i, 'Z')
    .replace(/(:\d\d(?:\.\d+)?[+-]\d\d)$/, '$1:00')
    .replace(/\[[A-Za-z/_]+\]$/, '');
  if (!isDay(text)) return null;
  const [, date, time] = ISO.exec(text.replace(INDIA, '')) ?? [];
  if (date !== undefined) return ofThisCentury(Date.parse(`${date}T${time}+05:30`), INDIA.test(text));
  return ZONE.test(text) ? ofThisCentury(Date.parse(text), true) : null;
}

/** False for a day that no calendar has, which would become another one, and for one that may be read in two ways. */
function isDay(text: string): boolean {
  const [whole, year, month, day] = DATE.exec(text) ?? [];
  if (whole === undefined || year === undefined) return whole !== undefined;
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).toISOString().startsWith(text.slice(0, 10));
}

// Seconds and milliseconds of this century have no number in common.
function fromNumber(value: number): number {
  return value < 1e11 ? Math.round(value * SECOND) : value;
}

function ofThisCentury(at: number, hasZone: boolean): Told | null {
  return at >= Date.UTC(2000) && at < Date.UTC(2100) ? { at, hasZone } : null;
}

const UNITS: readonly (readonly [pattern: RegExp, ms: number])[] = [
  [/^(?:w|weeks?)$/, 7 * DAY],
  [/^(?:d|days?)$/, DAY],
  [/^(?:h|hrs?|hours?)$/, HOUR],
  [/^(?:m|mins?|minutes?)$/, MINUTE],
  [/^(?:s|secs?|seconds?)$/, SECOND],
  [/^(?:ms|millis|milliseconds?)$/, 1],
];
const LONGEST_MS = 1e6 * SECOND;

/**
 * How long something still lasts, in ms: seconds as a number, or text as programs write it: `1d 0h 5m`, `05:30:00`,
 * `1 day, 2:03:04`, `330 minutes`, `PT5H30M`. Null where any part of the text is not understood: half of it would be a lie.
 */
export function toldDuration(value: string | number | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const ms = typeof value === 'number' ? inSeconds(value) : durationIn(value.trim().toLowerCase());
  return ms !== null && Math.abs(ms) < LONGEST_MS ? Math.round(ms) : null;
}

function durationIn(told: string): number | null {
  if (/^expired\W*$/.test(told)) return 0;
  const [, past, lasting] = /^(?:(?:expired )?(.+) ago|(.+) (?:left|remaining))$/.exec(told) ?? [];
  if (past !== undefined) {
    const ago = durationIn(past);
    return ago === null ? null : -ago;
  }
  const text = lasting ?? told;
  if (/^-?\d+(\.\d+)?$/.test(text)) return inSeconds(Number(text));
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  // Python counts -1 day, 23:59:00 for a minute ago: there the sign is that of the days alone.
  const [, days, clock = rest] = /^(\d+) days?, (.*)$/.exec(rest) ?? [];
  const ofDays = Number(days ?? 0) * DAY;
  const ofClock = clockIn(clock);
  if (ofClock !== null) return days === undefined ? signed(sign, ofClock) : signed(sign, ofDays) + ofClock;
  const ofUnits = unitsIn(isoUnits(rest) ?? rest.replace(/^in\s+/, ''));
  return ofUnits === null ? null : signed(sign, ofUnits);
}

/** No session lasts for days, so such a number counts milliseconds, or is a moment: whoever wrote it has to say. */
function inSeconds(value: number): number | null {
  return Math.abs(value * SECOND) > 2 * DAY ? null : value * SECOND;
}

function signed(sign: string, ms: number): number {
  return sign === '-' ? -ms : ms;
}

function clockIn(text: string): number | null {
  const [, h, m, s] = /^(\d+):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$/.exec(text) ?? [];
  return h === undefined ? null : Number(h) * HOUR + Number(m) * MINUTE + Number(s ?? 0) * SECOND;
}

/** `p1dt2h30m` as `1d2h30m`; months and years are no durations. */
function isoUnits(text: string): string | null {
  const [, days = '', time = ''] = /^p((?:\d+[wd])*)(?:t((?:\d+(?:\.\d+)?[hms])+))?$/.exec(text) ?? [];
  return days + time === '' ? null : days + time;
}

const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)(?:\s*(?:,|and\b)\s*|\s*)/y;

function unitsIn(text: string): number | null {
  let sum = 0;
  PART.lastIndex = 0;
  do {
    const [, amount, name = ''] = PART.exec(text) ?? [];
    const unit = UNITS.find(([pattern]) => pattern.test(name));
    if (!unit) return null;
    sum += Number(amount) * unit[1];
  } while (PART.lastIndex < text.length);
  return sum;
}
