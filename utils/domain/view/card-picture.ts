import { MINUTE } from '../../shared/time.ts';
import type { Link } from '../session/chain.ts';
import type { AccountView } from './overview.ts';
import type { Status } from './status.ts';

/** A login is news for this long. */
const NEWS_MS = 10 * MINUTE;
// The session is known to live, or was when it was last heard of.
const ALIVE: readonly Status[] = ['renew-now', 'due-soon', 'unverified', 'suspect', 'accepted', 'verified', 'live'];

/** What a card draws: the way of a login that is news or is amiss, else the day of a session that lives, else nothing. */
export function glance(
  { status, links, term }: Pick<AccountView, 'status' | 'links' | 'term'>,
  now: number,
): 'chain' | 'day' | 'nothing' {
  if (status === 'paused') return 'nothing';
  if (links && (isRecent(links, now) || (status !== 'expired' && isAmiss(links)))) return 'chain';
  const isAlive = ALIVE.includes(status) && term !== null && (term.endsAt === null || term.endsAt > now);
  return isAlive ? 'day' : 'nothing';
}

function isRecent([captured]: readonly Link[], now: number): boolean {
  return captured !== undefined && captured.at !== null && Math.abs(now - captured.at) < NEWS_MS;
}

function isAmiss(links: readonly Link[]): boolean {
  return links.some(({ state }) => state === 'failed' || state === 'now');
}
