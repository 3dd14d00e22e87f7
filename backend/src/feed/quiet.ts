import { isMarketOpen } from '../../../utils/shared/market.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';

/** How long the indices may say nothing while the market is open. */
const GAP_MS = 30 * SECOND;
// A holiday that nobody told us of looks like one long gap: connecting anew is tried more and more seldom.
const MAX_GAP_MS = 15 * MINUTE;

/** Tells a gap in a connected feed from the quiet of a closed market: the prices frozen before the opening are no gap. */
export function createQuiet() {
  /** The last tick, or the moment from which one was to be expected; null while nothing is. */
  let since: number | null = null;
  let allowedMs = GAP_MS;
  return {
    ticked(now: number): void {
      since = now;
      allowedMs = GAP_MS;
    },
    /** There is no connection, so nothing is expected. */
    broken(): void {
      since = null;
    },
    /** To be asked while the feed is connected; true once for each gap, which then may last twice as long. */
    noticesGap(now: number): boolean {
      if (!isMarketOpen(now)) since = null;
      else since ??= now;
      if (since === null || now - since < allowedMs) return false;
      since = null;
      allowedMs = Math.min(2 * allowedMs, MAX_GAP_MS);
      return true;
    },
    /** What to say of a gap that no tick has ended yet; null where there is none. */
    problem: (): string | null =>
      allowedMs > GAP_MS ? 'connected, but no price comes while the market is open' : null,
  };
}
