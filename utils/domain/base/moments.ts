import { MINUTE, SECOND } from '../../shared/time.ts';

/**
 * One question and its answer, by our clock, epoch ms. `sentAt` may be missing in what an older version stored: then the
 * answer counts as instant.
 */
export interface Exchange {
  sentAt?: number;
  at: number;
}

/** What such an exchange told of another clock: `skewMs` is that clock less ours. */
export interface Compared extends Exchange {
  skewMs: number;
}

/** Receivers may tell whole seconds, and a clock may be set by a little while it is compared. */
const TOLERANCE_MS = 2 * SECOND;

/** Another clock less ours: it told `instant` somewhere between the question and the answer. */
export function skewOf(instant: string, exchange: Exchange): number {
  return Date.parse(instant) - middleOf(exchange);
}

/** How far the truth may lie from `skewMs`, either way: half of the time that the exchange took. */
function withinOf({ sentAt, at }: Exchange): number {
  return Math.ceil(Math.abs(at - (sentAt ?? at)) / 2);
}

function doubtOf(exchange: Exchange): number {
  return withinOf(exchange) + TOLERANCE_MS;
}

/** The clocks' difference as far as it is known: none where the travel of the messages may explain all of it. */
export function knownSkew(compared: Compared): number {
  const { skewMs } = compared;
  return Math.abs(skewMs) > doubtOf(compared) ? skewMs : 0;
}

/** A moment of another clock by ours, to be shown and counted from: the same in every answer, as long as the clocks agree. */
export function oursOf(instant: string, compared: Compared): number {
  return Date.parse(instant) - knownSkew(compared);
}

/** The earliest moment of ours that a moment of another clock can have been. */
export function earliestOf(instant: string, compared: Compared): number {
  return Date.parse(instant) - compared.skewMs - withinOf(compared);
}

/** True where a moment of another clock lies after one of ours, whatever the exchange left open. */
export function isSurelyAfter(instant: string, compared: Compared, at: number): boolean {
  return Date.parse(instant) - compared.skewMs - doubtOf(compared) > at;
}

/** True where a moment of another clock lies before one of ours, whatever the exchange left open. */
export function isSurelyBefore(instant: string, compared: Compared, at: number): boolean {
  return Date.parse(instant) - compared.skewMs + doubtOf(compared) < at;
}

/** How long had passed since `instant` when the answer was told: two moments of the other clock, so no difference counts. */
export function ageWhenTold(instant: string, compared: Compared): number {
  return middleOf(compared) + compared.skewMs - Date.parse(instant);
}

/** No comparison of clocks is off by more: a call ends after 15 seconds. */
const WORST_MS = MINUTE;

/**
 * The skew by which a login is told to a receiver, of which the newest login wins. Two comparisons differ by a little, and
 * for that no later login of this browser may seem to be an older one. `last` is the login before, if any.
 */
export function skewInOrder(now: number, skewMs = 0, last: { capturedAt: number; skewMs?: number } | null): number {
  const after = last === null ? Number.NEGATIVE_INFINITY : last.capturedAt + (last.skewMs ?? 0) + 1 - now;
  return after > skewMs && after - skewMs <= WORST_MS ? after : skewMs;
}

/** True where a moment of our own clock has not come yet. A clock that is set right by a little makes none of those. */
export function isAhead(at: number, now: number): boolean {
  return at > now + TOLERANCE_MS;
}

function middleOf({ sentAt, at }: Exchange): number {
  return Math.round(((sentAt ?? at) + at) / 2);
}
