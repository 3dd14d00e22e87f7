import { brokers } from '../../shared/brokers/index.ts';
import { type ExpiryRule, sessionExpiry, suspectUntil } from '../../shared/expiry.ts';
import { DUE_SOON_MS, isRenewable, RENEW_NOW_MS } from '../../shared/reminders.ts';
import { istClock } from '../../shared/time.ts';
import type { Account } from '../accounts/settings.ts';
import { isSurelyAfter, isSurelyBefore, oursOf } from '../base/moments.ts';
import { isFrom, type LastLogin, type Report, type SessionFacts } from './facts.ts';

/** The time of one session, by our clock, epoch ms. */
export interface Term {
  /** Names the session, the same in every report of it whatever the clocks do. */
  key: string;
  issuedAt: number | null;
  verifiedAt: number | null;
  /** The earliest of what the backend says and what the rule says; null when neither says anything. */
  endsAt: number | null;
  /** Until when the broker may end it before its time, or null. */
  suspectUntil: number | null;
}

/** The expiry rule of an account: its own, or its broker's. */
export function ruleOf({ broker, clock }: Account): ExpiryRule {
  return clock?.rule ?? brokers[broker].session;
}

/** The session that is known of an account, alive or over; null when there is none. */
export function termOf(account: Account, { report, login }: SessionFacts): Term | null {
  const rule = ruleOf(account);
  if (report && report.session.state !== 'none') return reportedTerm(rule, report, login);
  if (login?.end !== 'accepted') return null;
  const issuedAt = login.capturedAt;
  return {
    key: `${login.delivery} ${issuedAt}`,
    issuedAt,
    verifiedAt: null,
    endsAt: finite(sessionExpiry(rule, issuedAt)),
    suspectUntil: suspectUntil(rule, issuedAt),
  };
}

function reportedTerm(rule: ExpiryRule, report: Report, login: LastLogin | null): Term {
  const { session, at } = report;
  const verifiedAt = session.verified_at === null ? null : oursOf(session.verified_at, report);
  const issuedAt = issuedFrom(report, login) ?? verifiedAt;
  const end = issuedAt === null ? Number.POSITIVE_INFINITY : byRule(rule, issuedAt, report);
  return {
    key: session.exchanged_at ?? session.delivery ?? istClock(at).date,
    issuedAt,
    verifiedAt,
    endsAt: finite(toldEnd(report, end)),
    suspectUntil: issuedAt === null ? null : suspectUntil(rule, issuedAt),
  };
}

/** The earlier of what the backend says and what the rule says; within the doubt of two clocks both say the same. */
function toldEnd(report: Report, end: number): number {
  const { expires_at } = report.session;
  return expires_at !== null && isSurelyBefore(expires_at, report, end) ? oursOf(expires_at, report) : end;
}

/** No session began before the login that it came from, and that was by our own clock: within seconds of 06:00 it is a day's difference. */
function issuedFrom(report: Report, login: LastLogin | null): number | null {
  const { exchanged_at } = report.session;
  if (exchanged_at === null) return null;
  const issuedAt = oursOf(exchanged_at, report);
  return login !== null && isFrom(report, login) ? Math.max(issuedAt, login.capturedAt) : issuedAt;
}

/** The rule's end; where the broker confirmed the session after it, the rule was wrong once, and its next clock time counts. */
function byRule(rule: ExpiryRule, issuedAt: number, report: Report): number {
  const end = sessionExpiry(rule, issuedAt);
  const { verified_at } = report.session;
  const isConfirmed = verified_at !== null && isSurelyAfter(verified_at, report, end);
  return isConfirmed ? sessionExpiry({ at: rule.at }, oursOf(verified_at, report)) : end;
}

function finite(at: number): number | null {
  return Number.isFinite(at) ? at : null;
}

/** The moments after `now` at which the state of this session changes by time alone, epoch ms. */
export function turningPoints(rule: ExpiryRule, { endsAt, suspectUntil: suspect }: Term, now: number): number[] {
  const points = suspect === null ? [] : [suspect];
  if (endsAt !== null) {
    points.push(endsAt);
    for (const ahead of [DUE_SOON_MS, RENEW_NOW_MS])
      if (isRenewable(rule, endsAt, endsAt - ahead)) points.push(endsAt - ahead);
  }
  return points.filter((at) => at > now);
}
