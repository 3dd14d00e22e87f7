import { MINUTE, SECOND } from '../../shared/time.ts';
import { fnv1a } from './checksum.ts';

// The first three fit into a worker's 30 s of idle life; from the fourth on an alarm has to wake it.
const STEPS_MS = [2 * SECOND, 4 * SECOND, 8 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE];
const MAX_RETRY_AFTER_MS = 10 * MINUTE;

/**
 * Milliseconds to wait after `failures` failures in a row (1 is the first): 2, 4, 8 s, then longer, at most 5 min.
 * `name` spreads waits by up to a fifth, so that many browsers do not come back at the same instant.
 * A Retry-After is honoured between a second and ten minutes.
 */
export function backoff(failures: number, name: string, retryAfterMs: number | null = null): number {
  const step = STEPS_MS[Math.min(failures, STEPS_MS.length) - 1] ?? 0;
  const wait = Math.round(step * (1 + spread(`${name}#${failures}`) / 5));
  if (retryAfterMs === null) return wait;
  return Math.max(wait, withinBounds(retryAfterMs));
}

/** A Retry-After in ms as far as it is honoured. */
export function withinBounds(retryAfterMs: number): number {
  return Math.min(Math.max(retryAfterMs, SECOND), MAX_RETRY_AFTER_MS);
}

/** Milliseconds that a Retry-After header asks for, as seconds or as an HTTP date; null when it says nothing usable. */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * SECOND;
  // The oldest form of an HTTP date names no zone and means GMT. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
  const isOldest = /^\s*[a-z]{3} [a-z]{3} [ \d]\d [\d:]{8} \d{4}\s*$/i.test(header);
  const at = Date.parse(isOldest ? `${header} GMT` : header);
  return Number.isNaN(at) ? null : Math.max(at - now, 0);
}

/** A number in [0, 1) that depends on the text alone. */
function spread(text: string): number {
  return fnv1a(text) / 2 ** 32;
}
