import type { Growth, SessionCheck } from '../../shared/contract.ts';
import { MAX_WAIT_MS } from '../../shared/contract.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { Exchange } from '../base/moments.ts';

/** What a report says of its receiver's waiting. `waitedMs`: how long it was held. `cutAt`: when a waiting check last got none. */
interface Told extends Exchange {
  understands?: readonly string[];
  revision?: string;
  waitedMs?: number;
  cutAt?: number;
}

// A proxy that cuts a waiting check off is spared for as long as a login is followed.
const CUT_MS = 10 * MINUTE;

/** The wait that a check may ask for after this report; undefined where its receiver holds no answer, or none came through. */
export function waitAfter({ understands = [], revision, cutAt }: Told, now: number): SessionCheck['wait'] {
  const isCut = cutAt !== undefined && Math.abs(now - cutAt) < CUT_MS;
  if (revision === undefined || isCut || !understands.includes('check.wait' satisfies Growth)) return undefined;
  return { after: revision, ms: MAX_WAIT_MS };
}

// Whoever has waited for a while does not notice an eighth of it, and answers that never settle become rare.
const PAUSE_SHARE = 1 / 8;
const SHORTEST_PAUSE_MS = SECOND / 20;

/** When to wait again: at once, but never sooner after the last question than by a share of the time since `since`. */
export function waitAgainAt(
  { at, sentAt = at, waitedMs = 0 }: Told,
  since: number,
  now: number,
  mostMs: number,
): number {
  const pause = Math.min(Math.max((now - since) * PAUSE_SHARE, SHORTEST_PAUSE_MS), mostMs);
  // A clock that was set back while the answer was held puts no question far off.
  return Math.min(Math.max(now, Math.ceil(sentAt - waitedMs + pause)), now + mostMs);
}

/** The exchange without the time for which the receiver held its answer, so that two clocks are compared by the travel alone. */
export function withoutWait({ sentAt, at }: Exchange, heldMs: number | undefined): Exchange & { waitedMs?: number } {
  if (sentAt === undefined || heldMs === undefined) return { sentAt, at };
  const waitedMs = Math.max(0, Math.min(heldMs, at - sentAt));
  return { sentAt: sentAt + waitedMs, at, waitedMs };
}
