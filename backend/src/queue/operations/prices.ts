import { check, z } from '../../../../utils/shared/schema.ts';
import type { BrokerApi } from '../../brokers/client.ts';
import type { Step } from './step.ts';

const Row = z.object({ ltp: z.number().check(z.positive()) });
const Candles = z.array(z.object({ close: z.coerce.number().check(z.positive()) }));

/** The last price of a cash instrument of ICICI Direct, `NSE:NIFTY`. */
export const lastPrice = (session: BrokerApi, name: string, instrument: string): Step<number> => ({
  name,
  ask: () => session.quote([instrument]),
  read(quotes) {
    const row = check(Row, (quotes as Record<string, unknown>)[instrument]);
    return row.ok ? row.value.ltp : null;
  },
  say: String,
});

/** The closes of the last trading days, oldest first. */
export const recentCloses = (session: BrokerApi, stock: string, from: string, to: string): Step<number[]> => ({
  name: 'Daily closes',
  ask: () => session.dailyCandles(stock, from, to),
  read(value) {
    const candles = check(Candles, value);
    return candles.ok && candles.value.length >= 2 ? candles.value.map(({ close }) => close) : null;
  },
  say: (closes) => `${closes.length} daily closes, the last one ${closes.at(-1)}`,
});
