import { withoutWeekdays } from './written-days.ts';

// MCX may write a session's hours where it trades.
const TIME = '\\d{1,2}[:.]\\d\\d\\s*(?:[ap]\\.?m\\.?)?';
const HOURS = new RegExp(`${TIME}\\s*(?:-|to)\\s*${TIME}`, 'gi');
const SESSIONS = /(?:\bmorning(?: session)?\W+)?\b(open|closed?)\b\W+(?:evening(?: session)?\W+)?\b(open|closed?)\b/i;

/** A commodity list's two columns, morning and evening: what of the day is left. */
export function sessionsIn(text: string): 'closed' | 'evening' | 'morning' | 'open' | null {
  const [, morning, evening] = SESSIONS.exec(text.replaceAll(HOURS, 'Open')) ?? [];
  if (morning === undefined || evening === undefined) return null;
  const isOpen = (one: string) => one.toLowerCase() === 'open';
  if (isOpen(morning)) return isOpen(evening) ? 'open' : 'morning';
  return isOpen(evening) ? 'evening' : 'closed';
}

/** True for words on one session of a day, or on a time, which do not say what of the day trades. */
export function namesSession(text: string): boolean {
  return /\b(?:morning|evening)\b|\b(?:till|until|up ?to)\s+\d/i.test(text);
}

/** What is left of a row as the day's name. */
export function nameIn(text: string): string {
  const words = withoutWeekdays(text)
    .replaceAll(HOURS, 'Open')
    .replace(SESSIONS, ' ')
    .replace(/(?:[\t|,;]\s*(?:open|closed?))+\s*$/i, ' ')
    .replaceAll(/["'\t,;|*•[\]{}]|\bdate\s*:/gi, ' ')
    .replaceAll(/\(\s*\)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^\s*\d{1,2}:\d\d(?::\d\d)?\b/, '')
    .replace(/^\s*(?:&|and)?\s*\d{1,2}(?:st|nd|rd|th)?\s*(?:&|and)\s*|^\s*(?:&|and)\s*\d{1,2}(?:st|nd|rd|th)?\b/i, '')
    .replace(/^\s*\d{1,3}\b[.)]?/, '')
    .replace(/^[\s:–-]+|[\s:–-]+$/g, '');
  return words.slice(0, 60).trim();
}
