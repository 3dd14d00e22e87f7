import { MINUTE } from '../../shared/time.ts';
import type { CoveredDay, Gap } from './coverage.ts';
import type { HistoryEntry } from './history.ts';

/** One thing to say of a day. `session`: one that began without a login here. */
export type DayFact = { kind: 'login' | 'failed' | 'session' | 'rejection'; at: number } | ({ kind: 'gap' } & Gap);

/** What happened on a day, in order. */
export function factsOf({ entries, gaps }: Pick<CoveredDay, 'entries' | 'gaps'>): DayFact[] {
  const logins = entries.filter(({ kind }) => kind === 'login');
  const facts = entries.map((entry) => factOf(entry, logins, gaps)).filter((fact) => fact !== null);
  return [...facts, ...gaps.map((gap) => ({ kind: 'gap' as const, ...gap }))].sort((a, b) => startOf(a) - startOf(b));
}

// An exchange follows its login within seconds, and two clocks are never quite the same.
const SAME_LOGIN_MS = MINUTE;

function factOf({ kind, at }: HistoryEntry, logins: readonly HistoryEntry[], gaps: readonly Gap[]): DayFact | null {
  switch (kind) {
    case 'login':
      return { kind, at };
    case 'failed-login':
      return { kind: 'failed', at };
    case 'session':
      return logins.some((login) => Math.abs(login.at - at) <= SAME_LOGIN_MS) ? null : { kind, at };
    case 'rejection':
      return gaps.some(({ from, why }) => why === 'rejected' && from === at) ? null : { kind, at };
    // An end, or an outage, matters where it leaves a gap.
    case 'expiry':
    case 'outage':
      return null;
  }
}

function startOf(fact: DayFact): number {
  return fact.kind === 'gap' ? fact.from : fact.at;
}
