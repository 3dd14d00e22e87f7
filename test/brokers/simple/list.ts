// Written by `npm run new:broker`: one line a broker.
import { aliceblue } from './aliceblue.ts';
import { dhan } from './dhan.ts';
import { fivepaisa } from './fivepaisa.ts';
import { flattrade } from './flattrade.ts';
import { fyers } from './fyers.ts';
import { iifl } from './iifl.ts';
import { paytm } from './paytm.ts';
import { upstox } from './upstox.ts';

export const simples = { aliceblue, dhan, fivepaisa, flattrade, fyers, iifl, paytm, upstox };
