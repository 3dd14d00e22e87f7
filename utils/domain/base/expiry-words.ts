import type { ExpiryRule } from '../../shared/expiry.ts';
import { formatClock, HOUR } from '../../shared/time.ts';
import { say, sayCount } from './words.ts';

/** A rule in words: `at 06:00 IST; in doubt until 07:30`. */
export function tellRule({ suspectUntil: suspect, ...rule }: ExpiryRule): string {
  const ends = tellEnd(rule);
  return suspect ? say('rule_doubt', ends, formatClock(suspect)) : ends;
}

function tellEnd({ at, ttlMs }: ExpiryRule): string {
  const hours = ttlMs === undefined ? null : Number((ttlMs / HOUR).toFixed(2));
  if (at === undefined) return hours === null ? '' : sayCount('rule_hours', hours);
  return hours === null ? say('rule_clock', formatClock(at)) : sayCount('rule_earlier', hours, formatClock(at));
}
