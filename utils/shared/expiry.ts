import { ClockTime } from './clock-time.ts';
import { wrong } from './problem.ts';
import { z } from './schema.ts';
import { DAY, HOUR, MINUTE, nextIst } from './time.ts';

const RuleForm = z.strictObject({
  at: z.optional(ClockTime),
  ttlMs: z.optional(z.int().check(z.refine((ms) => ms >= 5 * MINUTE && ms <= 7 * DAY, wrong('ttl')))),
  suspectUntil: z.optional(ClockTime),
});

/**
 * When a session dies: at a clock time in India, after a time to live, or at the earlier of both.
 * `suspectUntil`: until this clock time of the day it died, the broker may end newer sessions too.
 */
export const ExpiryRule = RuleForm.check(
  z.refine(({ at, ttlMs }) => at !== undefined || ttlMs !== undefined, {
    path: ['at'],
    ...wrong('no_end'),
  }),
  z.refine(({ at, suspectUntil }) => suspectUntil === undefined || at !== undefined, {
    path: ['suspectUntil'],
    ...wrong('no_clock_time'),
  }),
);
export type ExpiryRule = z.infer<typeof RuleForm>;

/** The rules of older systems, for those who have to match one; a broker's own rule stands with the broker. */
export const PRESETS: Readonly<Record<'at-3' | 'hours-24' | 'hours-8', ExpiryRule>> = {
  'at-3': { at: { hour: 3, minute: 0 } },
  'hours-24': { ttlMs: 24 * HOUR },
  'hours-8': { ttlMs: 8 * HOUR },
};

/** Epoch milliseconds at which a session issued at `issuedAt` dies by the rule: the earliest of its limits. */
export function sessionExpiry(rule: ExpiryRule, issuedAt: number): number {
  const byClock = rule.at ? nextIst(rule.at.hour, rule.at.minute, issuedAt) : Number.POSITIVE_INFINITY;
  const byAge = rule.ttlMs === undefined ? Number.POSITIVE_INFINITY : issuedAt + rule.ttlMs;
  return Math.min(byClock, byAge);
}

/** Until when the broker may end a session issued at `issuedAt` before its time, epoch ms; null when it is safe from that. */
export function suspectUntil(rule: ExpiryRule, issuedAt: number): number | null {
  if (!rule.suspectUntil) return null;
  const until = nextIst(rule.suspectUntil.hour, rule.suspectUntil.minute, issuedAt);
  return until < sessionExpiry(rule, issuedAt) ? until : null;
}

/**
 * The first moment from `now` on at which a login is worth it: it outlives the session that ends at `endsAt` and meets no
 * suspect window. A login just before a clock time dies at it, so there it is that clock time, or the end of the window.
 */
export function usefulLoginAt(rule: ExpiryRule, endsAt: number, now: number): number {
  const from = sessionExpiry(rule, now) > endsAt ? now : endsAt;
  return suspectUntil(rule, from) ?? from;
}
