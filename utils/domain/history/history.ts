import { z } from '../../shared/schema.ts';
import { Id } from '../accounts/settings.ts';
import type { AccountView } from '../view/overview.ts';

export const HistoryKind = z.enum(['login', 'failed-login', 'session', 'expiry', 'rejection', 'outage']);

/**
 * One thing that happened to an account's session. `at` is when we learned it or it happened, by our clock; `until` is the
 * end of a session, or of an outage that is over.
 */
const HistoryEntry = z.strictObject({
  key: z.string().check(z.maxLength(160)),
  kind: HistoryKind,
  at: z.int(),
  until: z.nullable(z.int()),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const History = z.strictObject({ account: Id, entries: z.array(HistoryEntry) });
export type History = z.infer<typeof History>;

// A handful a day: four months and more. By number, so that no clock set wrong can make it forget.
const KEPT = 600;

type Lived = Pick<AccountView, 'settings' | 'status' | 'term' | 'links' | 'reportedAt'> & {
  /** The newest login, as the outbox ended it. */
  login: { delivery: string; capturedAt: number; end: 'applied' | 'accepted' | 'failed' } | null;
};

/** The history with what is known now taken in; the same again changes nothing, so it may be asked after every event. */
export function remember(history: History, lived: Lived, now: number): History {
  const known = new Map(history.entries.map((entry) => [entry.key, entry]));
  for (const entry of happened(lived, now)) {
    const old = known.get(entry.key);
    if (!old) known.set(entry.key, entry);
    else if (entry.kind === 'session' && old.until !== entry.until && !isOver(lived))
      known.set(entry.key, { ...old, until: entry.until });
  }
  for (const entry of known.values()) {
    const isHeardAgain = entry.kind === 'outage' && entry.until === null && isBack(entry, lived);
    // A backend that lost its session before the session's time was over.
    const isGone = entry.kind === 'session' && isOver(lived) && (entry.until ?? now + 1) > now;
    if (isHeardAgain || isGone) known.set(entry.key, { ...entry, until: lived.reportedAt ?? now });
  }
  const entries = [...known.values()].slice(-KEPT);
  const isSame = entries.length === history.entries.length && entries.every((one, at) => one === history.entries[at]);
  return isSame ? history : { ...history, entries };
}

function happened({ status, term, login, reportedAt }: Lived, now: number): HistoryEntry[] {
  const found: HistoryEntry[] = [];
  const add = (kind: HistoryEntry['kind'], about: string | number, at: number, until: number | null = null) =>
    found.push({ key: `${kind}:${about}`, kind, at, until });
  if (login) add(login.end === 'failed' ? 'failed-login' : 'login', login.capturedAt, login.capturedAt);
  if (term) {
    add('session', term.key, term.issuedAt ?? term.verifiedAt ?? now, term.endsAt);
    if (term.endsAt !== null && term.endsAt <= now) add('expiry', term.key, term.endsAt);
    if (status === 'rejected') add('rejection', term.key, reportedAt ?? now);
  }
  // One outage lasts until the backend is heard again, so what was heard last names it.
  if (status === 'unreachable') add('outage', reportedAt ?? 'first', now);
  return found;
}

function isOver({ status }: Lived): boolean {
  return status === 'expired' || status === 'never';
}

function isBack({ key }: HistoryEntry, { status, reportedAt }: Lived): boolean {
  return status !== 'unreachable' && reportedAt !== null && key !== `outage:${reportedAt}`;
}
