import { brokers } from '../../shared/brokers/index.ts';
import { type ExpiryRule, sessionExpiry, suspectUntil } from '../../shared/expiry.ts';
import { istClock, MINUTE, SECOND } from '../../shared/time.ts';
import type { Account } from '../accounts/settings.ts';
import type { SessionFacts } from './facts.ts';

/** From when a login is due soon, and from when it should be renewed now, before the session ends. */
export const DUE_SOON_MS = 30 * MINUTE;
export const RENEW_NOW_MS = 15 * MINUTE;

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
  if (report && report.session.state !== 'none') return reportedTerm(rule, report);
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

function reportedTerm(rule: ExpiryRule, { session, skewMs, at }: NonNullable<SessionFacts['report']>): Term {
  const ours = (instant: string | null) => (instant === null ? null : Date.parse(instant) - skewMs);
  const verifiedAt = ours(session.verified_at);
  const issuedAt = ours(session.exchanged_at) ?? verifiedAt;
  const told = session.expires_at === null ? Number.POSITIVE_INFINITY : endOf(session.expires_at, skewMs);
  return {
    key: session.exchanged_at ?? session.delivery ?? istClock(at).date,
    issuedAt,
    verifiedAt,
    endsAt: finite(Math.min(told, issuedAt === null ? told : byRule(rule, issuedAt, verifiedAt))),
    suspectUntil: issuedAt === null ? null : suspectUntil(rule, issuedAt),
  };
}

// A message's own travel may explain as much, and an end at 06:00 is not shown as 05:59 for it.
const TRAVEL_MS = 2 * SECOND;

function endOf(told: string, skewMs: number): number {
  return Date.parse(told) - (Math.abs(skewMs) > TRAVEL_MS ? skewMs : 0);
}

/** The rule's end; where the broker confirmed the session after it, the rule was wrong once, and its next clock time counts. */
function byRule(rule: ExpiryRule, issuedAt: number, verifiedAt: number | null): number {
  const end = sessionExpiry(rule, issuedAt);
  return verifiedAt !== null && verifiedAt >= end ? sessionExpiry({ at: rule.at }, verifiedAt) : end;
}

function finite(at: number): number | null {
  return Number.isFinite(at) ? at : null;
}

/** True when a login made at `now` would outlive the session: only then is there anything to do before its end. */
export function isRenewable(rule: ExpiryRule, endsAt: number, now: number): boolean {
  return sessionExpiry(rule, now) > endsAt;
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
