import type { ExpiryRule } from './brokers/broker.ts';
import { nextIst } from './time.ts';

/** Epoch milliseconds at which a session issued at `issuedAt` dies by the broker's rule: the earliest of its limits. */
export function sessionExpiry(rule: ExpiryRule, issuedAt: number): number {
  const byClock = rule.at ? nextIst(rule.at.hour, rule.at.minute, issuedAt) : Number.POSITIVE_INFINITY;
  const byAge = rule.ttlMs === undefined ? Number.POSITIVE_INFINITY : issuedAt + rule.ttlMs;
  return Math.min(byClock, byAge);
}
