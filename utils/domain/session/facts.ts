import {
  FeedState,
  QueueState,
  type SessionApplied,
  type SessionCheck,
  type SessionReport,
  SessionState,
} from '../../shared/contract.ts';
import { type Calendar, isMarketOpen, NSE_FO, nextOpening } from '../../shared/market.ts';
import { z } from '../../shared/schema.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { factsIdOf, type Route } from '../accounts/destinations.ts';
import { Id } from '../accounts/settings.ts';
import { backoff, withinBounds } from '../base/backoff.ts';
import { type Compared, type Exchange, isSurelyBefore, skewOf } from '../base/moments.ts';
import { type Delivery, Via } from '../delivery/delivery.ts';
import { CONSEQUENCES, Trouble } from '../delivery/trouble.ts';
import { healthDue } from './health.ts';
import { waitAfter, waitAgainAt, withoutWait } from './wait.ts';

export const PROOF_LIFETIME_MS = 10 * MINUTE;

/** The last login at a destination after its delivery ended: what the outbox knew, without the token. */
const LastLogin = z.strictObject({
  delivery: z.string(),
  via: Via,
  capturedAt: z.int(),
  skewMs: z.optional(z.int()),
  endedAt: z.int(),
  end: z.enum(['applied', 'accepted', 'failed']),
  trouble: z.nullable(Trouble),
});
export type LastLogin = z.infer<typeof LastLogin>;

/** A capture whose token is in memory: should the browser lose that, this still knows to say so. */
const Pending = z.strictObject({
  delivery: z.string(),
  via: Via,
  capturedAt: z.int(),
  skewMs: z.optional(z.int()),
});

/** What the destination last said of itself: asked at `sentAt` and heard at `at`, by our clock; `skewMs` is its clock less ours. */
const Report = z.strictObject({
  at: z.int(),
  sentAt: z.optional(z.int()),
  skewMs: z.int(),
  session: SessionState,
  feed: z.optional(FeedState),
  queue: z.optional(QueueState),
  configuration: z.optional(z.record(z.string(), z.boolean())),
  understands: z.optional(z.array(z.string())),
  /** What the next check may wait after. */
  revision: z.optional(z.string()),
  /** For how long the receiver held the answer; `sentAt` is by as much later than the question. */
  waitedMs: z.optional(z.int()),
  /** When a check that waited last came to no report. */
  cutAt: z.optional(z.int()),
});
export type Report = z.infer<typeof Report>;

/** Everything known about an account's session at one destination, secret-free. */
export const SessionFacts = z.strictObject({
  /** The destination's id; the account's where it has none yet. */
  destination: Id,
  login: z.nullable(LastLogin),
  pending: z.nullable(Pending),
  report: z.nullable(Report),
  /** When the destination last proved itself by a signed report; null after any answer that did not. */
  provenAt: z.nullable(z.int()),
  checkTrouble: z.nullable(Trouble),
  checkFailures: z.int(),
  nextCheckAt: z.nullable(z.int()),
});
export type SessionFacts = z.infer<typeof SessionFacts>;

export function noFacts(destination: string): SessionFacts {
  return {
    destination,
    login: null,
    pending: null,
    report: null,
    provenAt: null,
    checkTrouble: null,
    checkFailures: 0,
    nextCheckAt: null,
  };
}

/** The facts of a route, also where nothing is known yet. */
export function factsOf(facts: ReadonlyMap<string, SessionFacts>, route: Route): SessionFacts {
  const id = factsIdOf(route);
  return facts.get(id) ?? noFacts(id);
}

/** Notes a capture beside its outbox entry, without the token. */
export function foldCapture(facts: SessionFacts, { id, via, capturedAt, skewMs }: Delivery): SessionFacts {
  return { ...facts, pending: { delivery: id, via, capturedAt, skewMs } };
}

/** A capture whose outbox entry is gone was lost with the browser's memory: said, and asked about, since it may have arrived. */
export function foldLost(facts: SessionFacts, now: number): SessionFacts {
  if (facts.pending === null) return facts;
  const login: LastLogin = { ...facts.pending, endedAt: now, end: 'failed', trouble: { code: 'lost', at: now } };
  return { ...facts, login, pending: null, nextCheckAt: now };
}

/** Takes an ended delivery into the facts; the same one twice changes nothing, an older one neither. */
export function foldDelivery(known: SessionFacts, delivery: Delivery): SessionFacts {
  const { end, endedAt } = delivery;
  const isPending = known.pending?.delivery === delivery.id && known.pending.capturedAt <= delivery.capturedAt;
  const facts = isPending && end !== null ? { ...known, pending: null } : known;
  if (end === null || endedAt === null) return facts;
  // Unless that time has not come yet: then the clock was ahead, and says nothing of which is older.
  if (facts.login && facts.login.capturedAt > delivery.capturedAt && facts.login.capturedAt <= endedAt) return facts;
  // Folded before a kill that left its entry behind; not by which is later, since a clock may have been set back between two.
  const { login: last } = facts;
  const isKnown = last?.delivery === delivery.id && last.capturedAt === delivery.capturedAt && last.endedAt === endedAt;
  if (isKnown) return facts;
  const login: LastLogin = {
    delivery: delivery.id,
    via: delivery.via,
    capturedAt: delivery.capturedAt,
    skewMs: delivery.skewMs,
    endedAt,
    end,
    trouble: delivery.trouble,
  };
  // The first check follows at once: it may prove more than the answer did, and it is the only one after a lost answer.
  return { ...facts, login, nextCheckAt: end === 'accepted' ? null : endedAt };
}

/** Takes a signed answer into the facts: it proves the destination and tells its session. */
export function foldAnswer(
  facts: SessionFacts,
  answer: SessionReport | SessionApplied,
  exchange: Exchange,
): SessionFacts {
  const isReport = answer.type === 'session.report';
  const parts = isReport ? answer : { ...facts.report, session: answer.session, feed: undefined, revision: undefined };
  const { session, feed, queue, configuration, understands, revision } = parts;
  const told = withoutWait(exchange, isReport ? answer.waited_ms : undefined);
  const skewMs = skewOf(answer.server_time, told);
  const cutAt = facts.report?.cutAt;
  const report = { ...told, skewMs, session, feed, queue, configuration, understands, revision, cutAt };
  return {
    ...facts,
    report,
    provenAt: exchange.at,
    checkTrouble: null,
    checkFailures: 0,
    login: confirm(facts.login, report),
  };
}

/**
 * What a status page told: unsigned, so it proves no destination; and it knows of no login, so the last one counts. All its
 * times were read by our clock, so there is no other one that could differ.
 */
export function onStatusPage(facts: SessionFacts): SessionFacts {
  const { report, login } = facts;
  if (!report) return { ...facts, provenAt: null };
  const exchanged_at = login?.end === 'accepted' ? new Date(login.capturedAt).toISOString() : null;
  return { ...facts, provenAt: null, report: { ...report, skewMs: 0, session: { ...report.session, exchanged_at } } };
}

/** Takes a failed check into the facts. An answer that was not this contract's also ends the proof. */
export function foldCheckTrouble(
  facts: SessionFacts,
  trouble: Trouble,
  retryAfterMs: number | null,
  now: number,
): SessionFacts {
  const checkFailures = facts.checkFailures + 1;
  const nextCheckAt = now + backoff(checkFailures, facts.destination, retryAfterMs);
  // A check carries no login, so what is wrong is the account's name.
  const checkTrouble: Trouble = trouble.code === 'wrong_account' ? { ...trouble, code: 'unknown_account' } : trouble;
  return { ...facts, checkTrouble, checkFailures, nextCheckAt, provenAt: provenAfter(facts, trouble) };
}

/** A check that waited and came to no report tells nothing of the session: the next one does not wait, and its answer counts. */
export function foldCut(facts: SessionFacts, trouble: Trouble, retryAfterMs: number | null, now: number): SessionFacts {
  const { report } = facts;
  const nextCheckAt = retryAfterMs === null ? now : now + withinBounds(retryAfterMs);
  return { ...facts, report: report && { ...report, cutAt: now }, nextCheckAt, provenAt: provenAfter(facts, trouble) };
}

/** Makes a check due that is answered at once. */
export function askNow(facts: SessionFacts, now: number): SessionFacts {
  const { report } = facts;
  return { ...facts, report: report && { ...report, revision: undefined }, nextCheckAt: now };
}

/** A delivery's trouble touches the facts only where the destination has to prove itself again before the next try. */
export function foldDeliveryTrouble(facts: SessionFacts, trouble: Trouble): SessionFacts {
  return { ...facts, provenAt: provenAfter(facts, trouble) };
}

function provenAfter({ provenAt }: SessionFacts, { code }: Trouble): number | null {
  const { then } = CONSEQUENCES[code];
  return then === 'prove' || then === 'hold' ? null : provenAt;
}

/**
 * Whether a session came from this very delivery. The id alone does not say it: a day credential keeps its id over a
 * second login of the day, and then only an exchange after that login's capture is its own.
 */
export function isFrom(
  report: Report,
  login: { delivery: string; capturedAt: number; via: Via; skewMs?: number },
): boolean {
  const { session, skewMs } = report;
  // A backend that takes the login by its own callback knows nothing of our ids.
  const isNamed = session.delivery === login.delivery || login.via === 'observed';
  if (!isNamed || session.exchanged_at === null) return false;
  // By the difference of the clocks as it was told at the capture or now: our clock may have been set back in between.
  const compared: Compared = { ...report, skewMs: Math.min(login.skewMs ?? skewMs, skewMs) };
  return !isSurelyBefore(session.exchanged_at, compared, login.capturedAt);
}

/** A day credential that was captured again and then lost: the session of the first capture lives on. */
function isLostOnTheSame({ trouble, delivery }: LastLogin, session: SessionState): boolean {
  const isAlive = session.state === 'verified' || session.state === 'exchanged';
  return trouble?.code === 'lost' && session.delivery === delivery && isAlive;
}

/** A session that came from a delivery proves that it was applied, whatever became of its answer. */
function confirm(login: LastLogin | null, report: Report): LastLogin | null {
  if (login === null || login.end === 'applied') return login;
  if (!isFrom(report, login) && !isLostOnTheSame(login, report.session)) return login;
  return { ...login, end: 'applied', trouble: null };
}

// After a delivery the proof is looked for quickly, then patiently; a worker may sleep from the sixth on.
const QUICK_CHECKS_MS = [0.5 * SECOND, SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND];
const PATIENT_CHECK_MS = 30 * SECOND;
const LAST_CHECK_MS = 10 * MINUTE;

/** When to ask the destination again after a report, epoch ms: soon while a login is on its way to a proof, else for its health. */
export function nextCheck(facts: SessionFacts, now: number, calendar: Calendar = NSE_FO): number {
  const { login, report } = facts;
  const health = healthDue(facts.destination, now);
  if (!login || !report || isSettled(report)) return health;
  if (waitOf(facts, now, calendar)) return waitAgainAt(report, login.endedAt, now, PATIENT_CHECK_MS);
  const age = now - login.endedAt;
  // A login from the future is one whose clock was set back since: then nothing says how long ago it was.
  const quick = age < 0 ? undefined : QUICK_CHECKS_MS.find((due) => due > age);
  if (quick !== undefined) return login.endedAt + quick;
  if (isAtRest(report, now, calendar)) return Math.min(health, nextOpening(now, calendar) + PATIENT_CHECK_MS);
  return age < LAST_CHECK_MS ? now + PATIENT_CHECK_MS : health;
}

/** The wait that a check after a login may ask for; undefined where nothing is awaited, or nobody would wait. */
export function waitOf(facts: SessionFacts, now: number, calendar: Calendar = NSE_FO): SessionCheck['wait'] {
  const { login, report, checkTrouble } = facts;
  if (!login || !report || checkTrouble || isSettled(report) || isAtRest(report, now, calendar)) return undefined;
  const age = now - login.endedAt;
  const isFollowed = age >= 0 && age < LAST_CHECK_MS && (report.sentAt ?? report.at) >= login.endedAt;
  return isFollowed ? waitAfter(report, now) : undefined;
}

/** Accepted while the market was closed; only its opening can show a tick. */
function isAtRest({ feed }: Report, now: number, calendar: Calendar): boolean {
  return feed?.state === 'subscribed' && !isMarketOpen(now, calendar);
}

function isSettled({ session, feed, queue }: Report): boolean {
  const isFeedSettled = feed === undefined || ['live', 'off', 'no_market_data'].includes(feed.state);
  const isLive = session.state === 'verified' && isFeedSettled;
  const isOver = session.state === 'rejected' || session.state === 'none' || session.state === 'expired';
  const isQueueBusy = queue !== undefined && queue.queued + queue.running > 0;
  return (isLive && !isQueueBusy) || isOver;
}
