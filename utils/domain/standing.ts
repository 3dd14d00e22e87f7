import { brokers } from './brokers/index.ts';
import type { Link, ShownLogin } from './chain.ts';
import { type SessionFacts, sessionEndsAt } from './facts.ts';
import type { HostNeed } from './hosts.ts';
import { sessionExpiry } from './session.ts';
import type { Account, Destination } from './settings.ts';
import { formatIst } from './time.ts';
import { CONSEQUENCES, type Mend, type Trouble } from './trouble.ts';

/** Where an account stands, in the order in which it needs a person. */
export const STATUSES = ['failed', 'log-in', 'setup', 'working', 'accepted', 'verified', 'live', 'paused'] as const;
export type Status = (typeof STATUSES)[number];

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
  links: Link[] | null;
  hosts: readonly HostNeed[];
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
  if (destination?.kind !== 'signed') return plain(known);
  if (facts.checkTrouble && facts.checkTrouble.at >= (facts.report?.at ?? 0))
    return troubled(facts.checkTrouble, 'Your backend cannot be proven now.');
  return facts.report
    ? reported(facts.report, known)
    : said('log-in', login ? 'Waiting for your backend.' : 'Not logged in yet.');
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

function plain({ account, login, now }: Known): Standing {
  if (login?.end !== 'accepted') return said('log-in', 'Not logged in yet.');
  // Nobody reports here, so the broker's rule is all there is to go by.
  const until = sessionExpiry(brokers[account.broker].session, login.capturedAt);
  if (until <= now) return said('log-in', `Session ended at ${formatIst(until)}.`);
  const at = formatIst(login.endedAt ?? until);
  return login.via === 'observed'
    ? said('accepted', `Your backend’s callback answered at ${at}. Without a signed destination nothing proves more.`)
    : said('accepted', `Accepted by your backend at ${at}. This kind of destination proves no more.`);
}

function reported(report: NonNullable<SessionFacts['report']>, { account, links, now }: Known): Standing {
  const { session, feed } = report;
  const until = session.expires_at === null ? null : Date.parse(session.expires_at);
  if (session.state === 'none') return said('log-in', 'Your backend has no session.');
  const endsAt = sessionEndsAt(report);
  if (session.state === 'expired' || (endsAt !== null && endsAt <= now))
    return said('log-in', until === null ? 'The session has ended.' : `Session ended at ${formatIst(until)}.`);
  if (session.state === 'rejected')
    return said('failed', 'The broker rejected the session.', {
      says: `${brokers[account.broker].name} no longer accepts your backend’s session.`,
      words: session.problem ?? null,
      mend: 'log-in',
    });
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
  const last = links?.at(-1);
  if (last?.name === 'live' && last.state === 'failed')
    return said('failed', 'The feed gives no prices.', {
      says: 'The feed was accepted, but no tick has come.',
      words: feed?.problem ?? null,
      mend: 'retry',
    });
  if (feed?.state === 'connecting' || (last?.name === 'live' && last.state === 'now'))
    return said(
      'working',
      'Connecting the feed…',
      feed?.problem ? { says: 'The feed is not connected yet.', words: feed.problem, mend: 'none' } : null,
    );
  const good = until === null ? 'Verified by your backend.' : `Good until ${formatIst(until)}.`;
  const hasFeed = feed !== undefined && feed.state !== 'off';
  return hasFeed ? said('live', good) : said('verified', `${good} Your backend reports no feed.`);
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
