// Written by `npm run new:broker`: one line a broker.
import { aliceblue, aliceblueSigns } from './aliceblue.ts';
import { dhan, dhanSigns } from './dhan.ts';
import { fivepaisa, fivepaisaSigns } from './fivepaisa.ts';
import { flattrade, flattradeSigns } from './flattrade.ts';
import { fyers, fyersSigns } from './fyers.ts';
import { icici, iciciSigns } from './icici.ts';
import { iifl, iiflSigns } from './iifl.ts';
import { paytm, paytmSigns } from './paytm.ts';
import { upstox, upstoxSigns } from './upstox.ts';
import { zerodha, zerodhaSigns } from './zerodha.ts';

export const brokers = { zerodha, icici, aliceblue, dhan, fivepaisa, flattrade, fyers, iifl, paytm, upstox };
export type BrokerId = keyof typeof brokers;

/** How each broker says that a session has ended, apart from the rest: these run in pages. */
export const SIGNS = [
  zerodhaSigns,
  iciciSigns,
  aliceblueSigns,
  dhanSigns,
  fivepaisaSigns,
  flattradeSigns,
  fyersSigns,
  iiflSigns,
  paytmSigns,
  upstoxSigns,
];
