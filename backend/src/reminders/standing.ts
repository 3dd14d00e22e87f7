import type { FeedState, SessionState } from '../../../utils/shared/contract.ts';
import { type ExpiryRule, suspectUntil } from '../../../utils/shared/expiry.ts';
import { type Calendar, isMarketOpen } from '../../../utils/shared/market.ts';
import { endingStatus, type Watched } from '../../../utils/shared/reminders.ts';
import { MINUTE } from '../../../utils/shared/time.ts';

/** A feed that connects anew needs seconds. */
const FEED_PATIENCE_MS = 2 * MINUTE;

export interface Seen {
  session: SessionState;
  feed: FeedState | undefined;
  rule: ExpiryRule;
  calendar: Calendar;
  /** Since when prices should have moved and did not, epoch ms, or null. */
  feedLostAt: number | null;
}

/** Where an account stands, in the words by which the extension's clock judges. A feed of ours is the broker's own. */
export function watchedOf(seen: Seen, now: number): Watched {
  const { session, rule } = seen;
  const key = session.exchanged_at;
  const term =
    session.state === 'none' || key === null
      ? null
      : { key, endsAt: epoch(session.expires_at), verifiedAt: epoch(session.verified_at) };
  return { status: statusOf(seen, now), term, rule, createdAt: null, isOnFallback: false };
}

function statusOf({ session, feed, rule, calendar, feedLostAt }: Seen, now: number): string {
  const { state } = session;
  const endsAt = epoch(session.expires_at);
  if (state === 'none') return 'never';
  if (state === 'expired' || (endsAt !== null && endsAt <= now)) return 'expired';
  if (state === 'rejected') return 'rejected';
  if (state === 'exchanged') return 'working';
  if (isFeedGone(feedLostAt, now)) return 'failed';
  if (isFeedMissing(feed, calendar, now)) return 'working';
  const issuedAt = epoch(session.exchanged_at);
  const doubtedUntil = issuedAt === null ? null : suspectUntil(rule, issuedAt);
  if (doubtedUntil !== null && (epoch(session.verified_at) ?? 0) < doubtedUntil) return 'suspect';
  const ending = endsAt === null ? null : endingStatus(rule, endsAt, now);
  return ending ?? (feed === undefined ? 'verified' : 'live');
}

/** True while the feed of a living session is not there though prices should move. */
export function isFeedMissing(feed: FeedState | undefined, calendar: Calendar, now: number): boolean {
  if (feed === undefined || ['live', 'off', 'no_market_data'].includes(feed.state)) return false;
  return feed.state !== 'subscribed' || isMarketOpen(now, calendar);
}

/** True when it has been missing for longer than a connection takes. */
export function isFeedGone(lostAt: number | null, now: number): boolean {
  return lostAt !== null && now - lostAt >= FEED_PATIENCE_MS;
}

function epoch(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant);
}
