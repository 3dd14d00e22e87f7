// Written by `npm run new:broker`: one line a broker.
import type { BrokerId } from '../../../utils/shared/contract.ts';
import type { BrokerBackend } from './client.ts';
import { icici } from './icici.ts';
import { upstox } from './upstox.ts';
import { zerodha } from './zerodha.ts';

export const backends: Record<BrokerId, BrokerBackend> = { zerodha, icici, upstox };
