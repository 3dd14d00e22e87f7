import type { Operation } from './operation.ts';
import { futuresAlgorithm } from './operations/futures-algorithm.ts';
import { niftyStrangle } from './operations/nifty-strangle.ts';
import { profile } from './operations/profile.ts';
import { quote } from './operations/quote.ts';
import { verifyTrade } from './operations/verify-trade.ts';

/** All that can be queued or triggered; a new operation is one file and one more entry. */
export const operations: readonly Operation[] = [quote, profile, futuresAlgorithm, verifyTrade, niftyStrangle];
