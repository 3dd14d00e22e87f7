// Written by `npm run new:broker`: one line a broker.
import { upstox } from './upstox.ts';

export const simples = { upstox };
