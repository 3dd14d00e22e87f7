// Written by `npm run new:broker`: one line a broker.
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { aliceblue } from './aliceblue.ts';
import type { BrokerBackend } from './backend.ts';
import { dhan } from './dhan.ts';
import { fivepaisa } from './fivepaisa.ts';
import { flattrade } from './flattrade.ts';
import { fyers } from './fyers.ts';
import { icici } from './icici.ts';
import { iifl } from './iifl.ts';
import { paytm } from './paytm.ts';
import { upstox } from './upstox.ts';
import { zerodha } from './zerodha.ts';

export const backends: Record<BrokerId, BrokerBackend> = {
  zerodha,
  icici,
  aliceblue,
  dhan,
  fivepaisa,
  flattrade,
  fyers,
  iifl,
  paytm,
  upstox,
};
