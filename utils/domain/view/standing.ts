import { brokers } from '../../shared/brokers/index.ts';
import { sessionExpiry, usefulLoginAt } from '../../shared/expiry.ts';
import { type Calendar, isMarketOpen, nextOpening } from '../../shared/market.ts';
import { endingStatus, isRenewable } from '../../shared/reminders.ts';
import { formatIst, HOUR, MINUTE } from '../../shared/time.ts';
import type { HostNeed } from '../accounts/hosts.ts';
import type { Account, Destination } from '../accounts/settings.ts';
import { formatMoment } from '../base/moment.ts';
import { say, sayCount } from '../base/words.ts';
import { CONSEQUENCES, type Mend, type Trouble, tellTrouble } from '../delivery/trouble.ts';
import { live, type ShownLogin } from '../session/chain.ts';
import type { Report, SessionFacts } from '../session/facts.ts';
import { isDoubted } from '../session/health.ts';
import { ruleOf, type Term } from '../session/term.ts';
import { needsLogin, type Status } from './status.ts';

/** What to say and what to press. */
export interface Advice {
  says: string;
  words: string | null;
  mend: Mend;
}

/** What is known of an account at a moment. */
export interface Known {
  account: Account;
  destination: Destination | null;
  facts: SessionFacts;
  login: ShownLogin | null;
  hosts: readonly HostNeed[];
  /** The session that is known, alive or over. */
  term: Term | null;
  /** When prices move. */
  calendar: Calendar;
  /** When this computer's clock was last found to have been changed, or null. */
  jumpedAt: number | null;
  now: number;
}

/** A status, the sentence that says it, and what to press. */
export interface Standing {
  status: Status;
  says: string;
  advice: Advice | null;
}

/** Where an account stands: one answer from the stored facts and the moment, worst news first. */
export function standing(known: Known): Standing {
  const stands = standingOf(known);
  return needsLogin(stands.status) ? { ...stands, says: stands.says + tooEarly(known) } : stands;
}

/** A word before a login that would end before the market opens, or nothing. */
function tooEarly({ account, calendar, now }: Known): string {
  const rule = ruleOf(account);
  const endsAt = sessionExpiry(rule, now);
  if (!isForNothing(now, endsAt, calendar)) return '';
  const after = formatMoment(usefulLoginAt(rule, endsAt, now), now);
  return ` ${say('standing_login_early', formatMoment(endsAt, now), after)}`;
}

/** True for a session in which the market does not open once. */
function isForNothing(from: number, endsAt: number, calendar: Calendar): boolean {
  return !isMarketOpen(from, calendar) && nextOpening(from, calendar) >= endsAt;
}

function standingOf(known: Known): Standing {
  const { account, destination, login, facts, hosts, now } = known;
  if (account.paused) return said('paused', say('standing_paused'));
  if (!destination && account.mode !== 'observe')
    return said('setup', say('standing_no_destination'), advise(say('standing_add_destination'), 'edit-destination'));
  if (hosts.some(({ granted }) => !granted))
    return said('setup', say('standing_no_hosts'), advise(say('standing_allow_hosts'), 'grant'));
  if (login && login.state !== 'ended') return underWay(login, facts, now);
  if (login?.end === 'failed' && login.trouble && login.trouble.code !== 'superseded') return over(login.trouble);
  if (destination?.kind !== 'signed' && !facts.report) return plain(known);
  // It is newer than the report, which would have ended it; the times say nothing of that where a clock was set back.
  if (facts.checkTrouble) return silent(facts.checkTrouble, known);
  if (facts.report) return reported(facts.report, known);
  return login ? said('unverified', say('standing_waiting')) : said('never', say('standing_never'));
}

/** The destination gave no proof. What answers wrongly has to be mended by hand; what does not answer may come back. */
function silent(trouble: Trouble, { term, now }: Known): Standing {
  const isAway = CONSEQUENCES[trouble.code].then === 'retry';
  const says = [say('standing_unproven'), term && lastKnown(term, now)].filter(Boolean).join(' ');
  return said(isAway ? 'unreachable' : 'failed', says, adviceFor(trouble));
}

function lastKnown({ endsAt, verifiedAt }: Term, now: number): string | null {
  if (endsAt && endsAt <= now) return say('session_ended_at', formatMoment(endsAt, now));
  return verifiedAt ? say('standing_verified_then', formatMoment(verifiedAt, now)) : null;
}

function underWay(login: ShownLogin, { checkTrouble }: SessionFacts, now: number): Standing {
  if (login.state === 'observed') return observed(login, checkTrouble, now);
  if (login.state === 'held' && login.trouble)
    return troubled(login.trouble, say(isDelivered(login.trouble) ? 'standing_no_session' : 'standing_not_yet_there'));
  // A token that was not sent yet waits for the destination's proof, and that may be what fails.
  const trouble = login.trouble ?? checkTrouble;
  return said('working', say(trouble ? 'standing_again' : 'standing_delivering'), trouble && adviceFor(trouble));
}

/** A backend's exchange with the broker takes seconds. */
const CALLBACK_PATIENCE_MS = 30_000;

/** A login that the backend's own callback takes; there is nothing to send, only to see. */
function observed({ callback, capturedAt }: ShownLogin, checkTrouble: Trouble | null, now: number): Standing {
  if (callback?.answered === false)
    return said('failed', say('standing_lost'), advise(say('standing_callback_dead'), 'reopen'));
  // A callback that hangs has no end that could be seen, and one that failed while the background was killed was not heard of.
  if (!callback && now - capturedAt >= CALLBACK_PATIENCE_MS)
    return said('failed', say('standing_callback_unseen'), advise(say('standing_callback_dead'), 'reopen'));
  return said('working', say('standing_observed'), checkTrouble && adviceFor(checkTrouble));
}

function plain(known: Known): Standing {
  const { login, term, now } = known;
  if (login?.end !== 'accepted' || !term) return said('never', say('standing_never'));
  if (term.endsAt !== null && term.endsAt <= now)
    return said('expired', say('standing_ended_at', formatMoment(term.endsAt, now)));
  const at = formatIst(login.endedAt ?? now);
  const accepted = say(login.via === 'observed' ? 'standing_callback_answered' : 'standing_accepted', at);
  return byClock(term, known) ?? said('accepted', accepted + early(term, known));
}

function reported(report: Report, known: Known): Standing {
  const { account, destination, term, calendar, jumpedAt, now } = known;
  const { session, feed } = report;
  const until = term?.endsAt ?? null;
  if (session.state === 'none') return said(known.facts.login ? 'expired' : 'never', say('standing_none'));
  if (session.state === 'expired' || (until !== null && until <= now))
    return said('expired', until === null ? say('standing_ended') : say('standing_ended_at', formatMoment(until, now)));
  if (session.state === 'rejected')
    return said('rejected', say('standing_rejected'), {
      says: say('standing_rejected_by', brokers[account.broker].name),
      words: session.problem ?? null,
      mend: 'log-in',
    });
  if (isDoubted(report, now, jumpedAt)) return doubted(report, known);
  if (session.state === 'exchanged')
    return said(
      'working',
      say('standing_verifying'),
      session.problem ? { says: say('standing_not_verified'), words: session.problem, mend: 'retry' } : null,
    );
  if (feed?.state === 'refused')
    return said('failed', say('standing_feed_refused'), {
      says: say('standing_feed_refused_by'),
      words: feed.problem ?? null,
      mend: 'log-in',
    });
  // Whichever login the session is from: one of another browser has no chain here, and still needs its first tick.
  const { state: liveState } = live(report, now, calendar);
  if (liveState === 'failed')
    return said('failed', say('standing_no_prices'), {
      says: say('standing_no_tick'),
      words: feed?.problem ?? null,
      mend: 'retry',
    });
  if (liveState === 'now')
    return said(
      'working',
      say('standing_connecting'),
      feed?.problem ? { says: say('standing_not_connected'), words: feed.problem, mend: 'none' } : null,
    );
  const timely = term && byClock(term, known);
  if (timely) return timely;
  const good = until === null ? say('standing_verified') : say('standing_good', formatMoment(until, now));
  const hint = term ? early(term, known) : '';
  if (destination?.kind === 'plain') {
    const { problem: words } = session;
    const unread = words ? ({ says: say('standing_page_unread'), words, mend: 'none' } as const) : null;
    return said('verified', `${good} ${say('standing_by_page')}${hint}`, unread);
  }
  if (feed?.state === 'no_market_data') return said('verified', `${good} ${say('standing_no_market_data')}${hint}`);
  const hasFeed = feed !== undefined && feed.state !== 'off';
  return hasFeed ? said('live', good + hint) : said('verified', `${good} ${say('standing_no_feed')}${hint}`);
}

function doubted({ at: reportedAt, sentAt }: Report, { now, jumpedAt }: Known): Standing {
  const wasJump = jumpedAt !== null && (sentAt ?? reportedAt) < jumpedAt;
  const why = wasJump ? 'jump' : 'old';
  const says =
    reportedAt <= now
      ? say(`standing_doubt_${why}_since`, formatMoment(reportedAt, now))
      : say(`standing_doubt_${why}`);
  return said('unverified', says);
}

/** What time alone makes of a session that is alive, or null. */
function byClock(term: Term, { account, now }: Known): Standing | null {
  const { endsAt, issuedAt, verifiedAt, suspectUntil } = term;
  const broker = brokers[account.broker].name;
  if (suspectUntil !== null && (verifiedAt ?? 0) < suspectUntil) {
    const until = formatMoment(suspectUntil, now);
    const made = formatMoment(issuedAt ?? now, now);
    return said(
      'suspect',
      say(now < suspectUntil ? 'standing_suspect' : 'standing_suspect_still', made, broker, until),
    );
  }
  const status = endsAt === null ? null : endingStatus(ruleOf(account), endsAt, now);
  return endsAt === null || status === null ? null : said(status, say('standing_renewable', formatIst(endsAt)));
}

// A login this short was made just before a clock time at which all sessions end.
const SHORT_MS = 2 * HOUR;

/** A word on a login that was made too early to be of much use, or nothing. */
function early({ issuedAt, endsAt }: Term, { account, calendar, now }: Known): string {
  const rule = ruleOf(account);
  if (issuedAt === null || endsAt === null || isRenewable(rule, endsAt, now)) return '';
  const worth = Math.round((endsAt - issuedAt) / MINUTE);
  const after = formatMoment(usefulLoginAt(rule, endsAt, now), now);
  if (endsAt - issuedAt >= SHORT_MS)
    return isForNothing(issuedAt, endsAt, calendar) ? ` ${say('standing_ends_early', after)}` : '';
  return ` ${sayCount('standing_early', worth, formatIst(issuedAt), after)}`;
}

/** The token is gone, so what is left to do is another login, after whatever mends the cause. */
function over(trouble: Trouble): Standing {
  const { says, words, mend } = adviceFor(trouble);
  const isDead = CONSEQUENCES[trouble.code].then !== 'end';
  const advice: Advice = {
    words,
    mend: mend === 'retry' || mend === 'test' ? 'log-in' : mend,
    says: isDead ? `${says} ${say('standing_too_late')}` : says,
  };
  return said('failed', say(isDelivered(trouble) ? 'standing_no_session' : 'standing_lost'), advice);
}

function isDelivered({ code }: Trouble): boolean {
  return CONSEQUENCES[code].delivered;
}

function troubled(trouble: Trouble, says: string): Standing {
  return said('failed', says, adviceFor(trouble));
}

function adviceFor(trouble: Trouble): Advice {
  const { code, status, words, skewMs = 0 } = trouble;
  const minutes = Math.round(skewMs / MINUTE);
  const skew = code === 'stale_timestamp' && say(minutes > 0 ? 'skew_ahead' : 'skew_behind', Math.abs(minutes));
  const answered = status !== undefined && code.startsWith('http_') && say('standing_answered', status);
  const says = [tellTrouble(code), skew, answered].filter(Boolean).join(' ');
  return { says, words: words ?? null, mend: CONSEQUENCES[code].mend };
}

function advise(says: string, mend: Mend): Advice {
  return { says, words: null, mend };
}

function said(status: Status, says: string, advice: Advice | null = null): Standing {
  return { status, says, advice };
}
