import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';

/** A moment that another program wrote. `hasZone` is false where it named none: then it is read as a clock in India. */
export interface Told {
  at: number;
  hasZone: boolean;
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/i;
const WITH_ZONE = /(?:\d\s*Z|\b(?:GMT|UTC)|\d\s*[+-]\d\d:?\d\d)(?:\s*\([^)]*\))?$|\b(?:GMT|UTC)[+-]\d{4}\b/i;
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
  const text = value.trim().replace(/\s+UTC$/i, 'Z');
  const [, date, time] = ISO.exec(text.replace(INDIA, '')) ?? [];
  if (date !== undefined) return ofThisCentury(Date.parse(`${date}T${time}+05:30`), INDIA.test(text));
  return WITH_ZONE.test(text) ? ofThisCentury(Date.parse(text), true) : null;
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
  const ms = typeof value === 'number' ? value * SECOND : durationIn(value.trim().toLowerCase());
  return ms !== null && Math.abs(ms) < LONGEST_MS ? Math.round(ms) : null;
}

function durationIn(text: string): number | null {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * SECOND;
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  // Python counts -1 day, 23:59:00 for a minute ago: there the sign is that of the days alone.
  const [, days, clock = rest] = /^(\d+) days?, (.*)$/.exec(rest) ?? [];
  const ofDays = Number(days ?? 0) * DAY;
  const ofClock = clockIn(clock);
  if (ofClock !== null) return days === undefined ? signed(sign, ofClock) : signed(sign, ofDays) + ofClock;
  const ofUnits = unitsIn(isoUnits(rest) ?? rest.replace(/^in\s+/, ''));
  return ofUnits === null ? null : signed(sign, ofUnits);
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
