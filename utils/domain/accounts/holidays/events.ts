import { istClock } from '../../../shared/time.ts';

/** A calendar file's events, each as a line: its other dates say when it was made. */
export function eventsOf(text: string): string[] {
  const events = text
    .replaceAll(/\r?\n[ \t]/g, '')
    .split('BEGIN:VEVENT')
    .slice(1);
  return events.map((event) => {
    const first = dayOf(event, 'DTSTART', 0);
    // The end is the first moment that is no part of the event.
    const last = dayOf(event, 'DTEND', -1);
    const days = last > first ? `${first} to ${last}` : first;
    const [, name = ''] = /^SUMMARY[^:\n]*:(.*)$/m.exec(event) ?? [];
    const isCancelled = /^STATUS:CANCELLED/m.test(event);
    return `${days} ${name.replaceAll('\\', '').trim()}${isCancelled ? '\topen' : ''}`;
  });
}

/** The day of a moment in India, or of a day that is written alone. */
function dayOf(event: string, field: 'DTSTART' | 'DTEND', addedMs: number): string {
  const [, year, month, day, hour = '00', minute = '00', zone] =
    new RegExp(`^${field}[^:\\n]*:(\\d{4})(\\d\\d)(\\d\\d)(?:T(\\d\\d)(\\d\\d)\\d\\d(Z)?)?`, 'm').exec(event) ?? [];
  if (year === undefined) return '';
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00${zone ?? '+05:30'}`);
  return Number.isNaN(at) ? `${year}${month}${day}` : istClock(at + addedMs).date;
}
