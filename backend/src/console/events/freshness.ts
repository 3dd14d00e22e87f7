import { isMarketOpen, nextOpening } from '../../../../utils/shared/market.ts';
import { MINUTE } from '../../../../utils/shared/time.ts';

const STALE_MS = MINUTE;
const PRE_OPEN_MS = 15 * MINUTE;

/**
 * What the age of the last tick means. `pre-open`: 09:00 to 09:15 IST, where prices stand still from 09:08 on and that is
 * no fault; `closed`: nothing is to be expected.
 */
export type Freshness = 'fresh' | 'stale' | 'pre-open' | 'closed';

export function freshness(lastTickAt: string | null, now: number): Freshness {
  if (isMarketOpen(now)) {
    const isFresh = lastTickAt !== null && now - Date.parse(lastTickAt) < STALE_MS;
    return isFresh ? 'fresh' : 'stale';
  }
  return nextOpening(now) - now <= PRE_OPEN_MS ? 'pre-open' : 'closed';
}
