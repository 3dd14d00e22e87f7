// Written by `npm run new:broker`: one line a broker.
import { icici, iciciSigns } from './icici.ts';
import { upstox, upstoxSigns } from './upstox.ts';
import { zerodha, zerodhaSigns } from './zerodha.ts';

export const brokers = { zerodha, icici, upstox };
export type BrokerId = keyof typeof brokers;

/** How each broker says that a session has ended, apart from the rest: these run in pages. */
export const SIGNS = [zerodhaSigns, iciciSigns, upstoxSigns];
