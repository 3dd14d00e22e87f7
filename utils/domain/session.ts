import type { ExpiryRule } from './brokers/broker.ts';
import { nextIst } from './time.ts';

/** Epoch milliseconds at which a session issued at `issuedAt` dies by the broker's rule: the earliest of its limits. */
export function sessionExpiry(rule: ExpiryRule, issuedAt: number): number {
  const byClock = rule.at ? nextIst(rule.at.hour, rule.at.minute, issuedAt) : Number.POSITIVE_INFINITY;
  const byAge = rule.ttlMs === undefined ? Number.POSITIVE_INFINITY : issuedAt + rule.ttlMs;
  return Math.min(byClock, byAge);
}

/**
 * Epoch milliseconds until which the broker may still end a session issued at `issuedAt` before its time, or null when
 * it does not: what was found before then has to be asked again.
 */
export function suspectUntil(rule: ExpiryRule, issuedAt: number): number | null {
  if (rule.suspectUntil === undefined) return null;
  const until = nextIst(rule.suspectUntil.hour, rule.suspectUntil.minute, issuedAt);
  return until < sessionExpiry(rule, issuedAt) ? until : null;
}
