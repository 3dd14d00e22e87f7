import { brokers } from '../../../utils/shared/brokers/index.ts';
import { textOf } from '../../../utils/shared/brokers/verdict.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { istClock } from '../../../utils/shared/time.ts';
import type { Failure } from './client.ts';

/** What a failed call says of the session: that it has ended, that it may have, or nothing. */
export type Verdict = 'ended' | 'doubtful' | 'nothing';

/** Judges a broker's failure. What the broker says of living sessions too is doubtful: only another look can tell. */
export function verdictOf(account: BrokerId, { status, body }: Pick<Failure, 'status' | 'body'>, now: number): Verdict {
  if (DOUBTFUL[account](body, now)) return 'doubtful';
  return brokers[account].classify(status, body) === 'auth-required' ? 'ended' : 'nothing';
}

// 2026-11: the ends of Kite's flush as users saw it: from 05:20, a TokenException only by 07:50.
const MORNING = { from: 5 * 60, to: 8 * 60 };

const DOUBTFUL: Record<BrokerId, (body: unknown, now: number) => boolean> = {
  zerodha: (body, now) => {
    const { minutes } = istClock(now);
    return isPermission(body) && minutes >= MORNING.from && minutes < MORNING.to;
  },
  // 2026-11: said of an ended session, and of a living one while the API is busy: the same token works a minute later.
  // https://github.com/Idirect-Tech/Breeze-Python-SDK/issues/210
  icici: (body) => /^resource not available\.?$/i.test(textOf(body, 'Error')),
};

/** True where Kite says that this app may not make the call: a free *Personal* app has no market data. */
export function isPermission(body: unknown): boolean {
  return textOf(body, 'error_type') === 'PermissionException';
}
