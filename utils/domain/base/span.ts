import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { formatNumber, say } from './words.ts';

/** How long ago something was, in its largest whole unit: `3 min ago`. */
export function ago(ms: number): string {
  if (ms < 10 * SECOND) return say('span_now');
  if (ms < MINUTE) return say('span_seconds_ago', whole(ms, SECOND));
  if (ms < HOUR) return say('span_minutes_ago', whole(ms, MINUTE));
  return say('span_hours_ago', whole(ms, HOUR));
}

/** How long something still lasts, never more than it does: `6 h 12 min left`. */
export function left(ms: number): string {
  if (ms < MINUTE) return say('span_last_minute');
  if (ms < HOUR) return say('span_minutes_left', whole(ms, MINUTE));
  if (ms < DAY) return say('span_hours_left', whole(ms, HOUR), whole(ms % HOUR, MINUTE));
  return say('span_days_left', whole(ms, DAY), whole(ms % DAY, HOUR));
}

/** Seconds with one decimal, as the language writes them. */
export function seconds(ms: number): string {
  return formatNumber(ms / SECOND, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

function whole(ms: number, unit: number): string {
  return formatNumber(Math.floor(ms / unit));
}
