import { tellDay } from '../../utils/domain/base/market-words.ts';
import { formatNumber, languageTag, say, sayCount } from '../../utils/domain/base/words.ts';
import type { CoveredDay, MonthCoverage } from '../../utils/domain/history/coverage.ts';
import { type DayFact, factsOf } from '../../utils/domain/history/day-facts.ts';
import { formatIst, HOUR, MINUTE } from '../../utils/shared/time.ts';

/** The month in a few sentences: how much was covered, and what kept it from being all. */
export function sayMonth({ share, late, absent, rejected, ended, outages }: MonthCoverage): string {
  if (share === null) return say('history_unknown');
  const said = [say('history_covered', sayShare(share))];
  if (late > 0) said.push(sayCount('history_late', late));
  if (absent > 0) said.push(sayCount('history_absent', absent));
  if (rejected > 0) said.push(sayCount('history_rejected', rejected));
  if (ended > 0) said.push(sayCount('history_ended', ended));
  if (outages.count > 0) said.push(sayCount('history_outages', outages.count, sayDuration(outages.ms)));
  return said.join(' ');
}

/** Everything that is told of a day, each a sentence. */
export function sayDay(day: CoveredDay, now: number): string[] {
  const { name, kind, hours, gaps } = day;
  const said: string[] = [];
  if (kind === 'trading' && name) said.push(tellDay(name));
  else if (kind !== 'trading') said.push(name ? say('history_named_day', tellDay(name), sayKind(day)) : sayKind(day));
  if (name && hours) said.push(say('history_hours', formatIst(hours.from), formatIst(hours.to)));
  said.push(...factsOf(day).map(sayFact));
  if (kind === 'trading' && gaps.length === 0)
    said.push(say(hours && hours.to > now ? 'history_quiet_so_far' : 'history_quiet'));
  return said;
}

/** What stands at a day's end: its share, or why it has none. */
export function sayKind({ kind, share }: CoveredDay): string {
  return kind === 'trading' ? sayShare(share ?? 0) : say(`history_day_${kind}`);
}

// All of it, and nothing of it, are said only where they are true.
function sayShare(share: number): string {
  const percent = share > 0 && share < 0.01 ? 1 : Math.floor(share * 100);
  return formatNumber(percent / 100, { style: 'percent' });
}

function sayFact(fact: DayFact): string {
  if (fact.kind !== 'gap') return say(`history_fact_${fact.kind}`, formatIst(fact.at));
  return say(`history_gap_${fact.why}`, formatIst(fact.from), formatIst(fact.to));
}

function sayDuration(ms: number): string {
  const minutes = Math.max(Math.round(ms / MINUTE), 1);
  const parts: [number, string][] = [
    [Math.floor(minutes / 60), 'hour'],
    [minutes % 60, 'minute'],
  ];
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => formatNumber(count, { style: 'unit', unit, unitDisplay: 'long' }));
  return new Intl.ListFormat(languageTag(), { type: 'unit', style: 'narrow' }).format(said);
}

/** A date of India, as the language writes it. */
export function formatDate(at: number, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(languageTag(), { timeZone: 'Asia/Kolkata', ...parts }).format(at);
}

/** The clock times to write over a day's bar: its opening, its close, and whole hours between that leave room. */
export function ticksOf({ from, to }: { from: number; to: number }): number[] {
  const step = Math.max(Math.ceil((to - from) / HOUR / 4), 1) * HOUR;
  // India is half an hour off the world's whole hours.
  const half = HOUR / 2;
  const first = Math.ceil((from + step / 2 - half) / HOUR) * HOUR + half;
  const between: number[] = [];
  for (let at = first; at <= to - step / 2; at += step) between.push(at);
  return [from, ...between, to];
}
