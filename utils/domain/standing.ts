import { brokers } from './brokers/index.ts';
import { live, type ShownLogin } from './chain.ts';
import type { SessionFacts } from './facts.ts';
import { isDoubted } from './health.ts';
import type { HostNeed } from './hosts.ts';
import type { Calendar } from './market.ts';
import { usefulLoginAt } from './session.ts';
import type { Account, Destination } from './settings.ts';
import type { Status } from './states.ts';
import { DUE_SOON_MS, isRenewable, RENEW_NOW_MS, ruleOf, type Term } from './term.ts';
import { formatIst, formatMoment, HOUR, MINUTE } from './time.ts';
import { CONSEQUENCES, type Mend, type Trouble } from './trouble.ts';

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
  const { account, destination, login, facts, hosts } = known;
  if (account.paused) return said('paused', 'Paused: nothing is captured or sent.');
  if (!destination && account.mode !== 'observe')
    return said(
      'setup',
      'Say where the token should go.',
      advise('Add a destination, or paste a pairing string.', 'edit-destination'),
    );
  if (hosts.some(({ granted }) => !granted))
    return said(
      'setup',
      'The browser has to allow this account’s addresses.',
      advise('Some addresses are not allowed yet.', 'grant'),
    );
  if (login && login.state !== 'ended') return underWay(login, facts);
  if (login?.end === 'failed' && login.trouble && login.trouble.code !== 'superseded') return over(login.trouble);
  if (destination?.kind !== 'signed' && !facts.report) return plain(known);
  // It is newer than the report, which would have ended it; the times say nothing of that where a clock was set back.
  if (facts.checkTrouble) return silent(facts.checkTrouble, known);
  if (facts.report) return reported(facts.report, known);
  return login ? said('unverified', 'Waiting for your backend.') : said('never', 'Not logged in yet.');
}

/** The destination gave no proof. What answers wrongly has to be mended by hand; what does not answer may come back. */
function silent(trouble: Trouble, { term, now }: Known): Standing {
  const isAway = CONSEQUENCES[trouble.code].then === 'retry';
  const ended = term?.endsAt && term.endsAt <= now ? ` The session ended at ${formatMoment(term.endsAt, now)}.` : '';
  const verified = term?.verifiedAt && !ended ? ` Last verified at ${formatMoment(term.verifiedAt, now)}.` : '';
  const says = `Your backend cannot be proven now.${ended}${verified}`;
  return said(isAway ? 'unreachable' : 'failed', says, adviceFor(trouble));
}

function underWay(login: ShownLogin, { checkTrouble }: SessionFacts): Standing {
  if (login.state === 'observed') return observed(login, checkTrouble);
  if (login.state === 'held' && login.trouble)
    return troubled(login.trouble, isDelivered(login.trouble) ? REFUSED : 'The login has not arrived.');
  // A token that was not sent yet waits for the destination's proof, and that may be what fails.
  const trouble = login.trouble ?? checkTrouble;
  return said('working', trouble ? 'Trying again by itself.' : 'Delivering…', trouble && adviceFor(trouble));
}

/** A login that the backend's own callback takes; there is nothing to send, only to see. */
function observed({ callback }: ShownLogin, checkTrouble: Trouble | null): Standing {
  if (callback?.answered === false)
    return said(
      'failed',
      'The login did not arrive.',
      advise('Your backend’s own callback did not answer. Start it, then open the redirect again.', 'reopen'),
    );
  return said('working', 'Your backend takes this login itself…', checkTrouble && adviceFor(checkTrouble));
}

function plain(known: Known): Standing {
  const { login, term, now } = known;
  if (login?.end !== 'accepted' || !term) return said('never', 'Not logged in yet.');
  if (term.endsAt !== null && term.endsAt <= now)
    return said('expired', `Session ended at ${formatMoment(term.endsAt, now)}.`);
  const at = formatIst(login.endedAt ?? now);
  const accepted =
    login.via === 'observed'
      ? `Your backend’s callback answered at ${at}. Without a signed destination nothing proves more.`
      : `Accepted by your backend at ${at}. This kind of destination proves no more.`;
  return byClock(term, known) ?? said('accepted', `${accepted}${early(term, known)}`);
}

function reported(report: NonNullable<SessionFacts['report']>, known: Known): Standing {
  const { account, destination, term, calendar, jumpedAt, now } = known;
  const { session, feed } = report;
  const until = term?.endsAt ?? null;
  if (session.state === 'none') return said(known.facts.login ? 'expired' : 'never', 'Your backend has no session.');
  if (session.state === 'expired' || (until !== null && until <= now))
    return said('expired', until === null ? 'The session has ended.' : `Session ended at ${formatMoment(until, now)}.`);
  if (session.state === 'rejected')
    return said('rejected', 'The broker rejected the session.', {
      says: `${brokers[account.broker].name} no longer accepts your backend’s session.`,
      words: session.problem ?? null,
      mend: 'log-in',
    });
  if (isDoubted(report.at, now, jumpedAt)) return doubted(report.at, known);
  if (session.state === 'exchanged')
    return said(
      'working',
      'Verifying the session…',
      session.problem ? { says: 'The session is not verified yet.', words: session.problem, mend: 'retry' } : null,
    );
  if (feed?.state === 'refused')
    return said('failed', 'The feed was refused.', {
      says: 'The session is valid, but the broker refused the feed.',
      words: feed.problem ?? null,
      mend: 'log-in',
    });
  // Whichever login the session is from: one of another browser has no chain here, and still needs its first tick.
  const { state: liveState } = live(report, now, calendar);
  if (liveState === 'failed')
    return said('failed', 'The feed gives no prices.', {
      says: 'The feed was accepted, but no tick has come.',
      words: feed?.problem ?? null,
      mend: 'retry',
    });
  if (liveState === 'now')
    return said(
      'working',
      'Connecting the feed…',
      feed?.problem ? { says: 'The feed is not connected yet.', words: feed.problem, mend: 'none' } : null,
    );
  const timely = term && byClock(term, known);
  if (timely) return timely;
  const good = until === null ? 'Verified by your backend.' : `Good until ${formatMoment(until, now)}.`;
  const hint = term ? early(term, known) : '';
  if (destination?.kind === 'plain') return said('verified', `${good} Your status page says so, unsigned.${hint}`);
  const hasFeed = feed !== undefined && feed.state !== 'off';
  return hasFeed ? said('live', good + hint) : said('verified', `${good} Your backend reports no feed.${hint}`);
}

function doubted(reportedAt: number, { now, jumpedAt }: Known): Standing {
  const wasJump = jumpedAt !== null && reportedAt < jumpedAt;
  const why = wasJump ? 'This computer slept, or its clock was changed' : 'The last proof is too old';
  const last = reportedAt <= now ? ` (it is from ${formatMoment(reportedAt, now)})` : '';
  return said('unverified', `${why}${last}. Your backend is asked again.`);
}

/** What time alone makes of a session that is alive, or null. */
function byClock(term: Term, { account, now }: Known): Standing | null {
  const { endsAt, issuedAt, verifiedAt, suspectUntil } = term;
  const broker = brokers[account.broker].name;
  if (suspectUntil !== null && (verifiedAt ?? 0) < suspectUntil) {
    const until = formatMoment(suspectUntil, now);
    const made = `Made at ${formatMoment(issuedAt ?? now, now)}`;
    return now < suspectUntil
      ? said('suspect', `${made}: ${broker} may end new sessions until ${until}. It is verified again after that.`)
      : said('suspect', `${made}, when ${broker} may still end sessions, and not verified since ${until}.`);
  }
  if (endsAt === null || !isRenewable(ruleOf(account), endsAt, now)) return null;
  const left = endsAt - now;
  if (left > DUE_SOON_MS) return null;
  const says = `Ends at ${formatIst(endsAt)}: a login now replaces it.`;
  return said(left <= RENEW_NOW_MS ? 'renew-now' : 'due-soon', says);
}

// A login this short was made just before a clock time at which all sessions end.
const SHORT_MS = 2 * HOUR;

/** A word on a login that was made too early to be of much use, or nothing. */
function early({ issuedAt, endsAt }: Term, { account, now }: Known): string {
  const rule = ruleOf(account);
  if (issuedAt === null || endsAt === null || endsAt - issuedAt >= SHORT_MS || isRenewable(rule, endsAt, now))
    return '';
  const worth = Math.round((endsAt - issuedAt) / MINUTE);
  return ` Made at ${formatIst(issuedAt)}, so it is worth ${worth} minutes: log in again after ${formatMoment(usefulLoginAt(rule, endsAt, now), now)}.`;
}

const REFUSED = 'Your backend has no session from this login.';

/** The token is gone, so what is left to do is another login, after whatever mends the cause. */
function over(trouble: Trouble): Standing {
  const { says, words, mend } = adviceFor(trouble);
  const isDead = CONSEQUENCES[trouble.code].then !== 'end';
  const advice: Advice = {
    words,
    mend: mend === 'retry' || mend === 'test' ? 'log-in' : mend,
    says: isDead ? `${says} ${TOO_LATE}` : says,
  };
  return said('failed', isDelivered(trouble) ? REFUSED : 'The login did not arrive.', advice);
}
const TOO_LATE = 'The token’s lifetime has ended meanwhile, so log in again then.';

function isDelivered({ code }: Trouble): boolean {
  return CONSEQUENCES[code].delivered;
}

function troubled(trouble: Trouble, says: string): Standing {
  return said('failed', says, adviceFor(trouble));
}

function adviceFor(trouble: Trouble): Advice {
  const { says, mend } = CONSEQUENCES[trouble.code];
  const minutes = Math.round((trouble.skewMs ?? 0) / 60_000);
  const skew =
    trouble.code === 'stale_timestamp'
      ? ` Your backend’s clock is ${Math.abs(minutes)} min ${minutes > 0 ? 'ahead of' : 'behind'} this computer’s.`
      : '';
  const status =
    trouble.status !== undefined && trouble.code.startsWith('http_') ? ` It answered ${trouble.status}.` : '';
  return { says: says + skew + status, words: trouble.words ?? null, mend };
}

function advise(says: string, mend: Mend): Advice {
  return { says, words: null, mend };
}

function said(status: Status, says: string, advice: Advice | null = null): Standing {
  return { status, says, advice };
}
