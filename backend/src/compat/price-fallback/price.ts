import type { BrokerId } from '../../../../utils/shared/contract.ts';
import { check, z } from '../../../../utils/shared/schema.ts';

/** One price in rupees, whatever its source. */
export interface Price {
  symbol: string;
  price: number;
  previous_close: number | null;
  change_percent: number | null;
  /** When it was traded, as the source writes it. */
  traded_at: string | null;
}

const Positive = z.number().check(z.positive());
const Breeze = z.object({
  ltp: Positive,
  previous_close: z.optional(z.nullable(z.number())),
  ltt: z.optional(z.nullable(z.string())),
});
const Kite = z.object({
  last_price: Positive,
  ohlc: z.optional(z.object({ close: z.number() })),
  last_trade_time: z.optional(z.nullable(z.coerce.string())),
});

/** One row of a broker's quotes as a price, or null when it holds none. */
export function priceOf(symbol: string, broker: BrokerId, row: unknown): Price | null {
  if (broker === 'icici') {
    const quote = check(Breeze, row);
    if (!quote.ok) return null;
    const { ltp, previous_close: close, ltt } = quote.value;
    return describe(symbol, ltp, close ?? null, ltt ?? null);
  }
  const quote = check(Kite, row);
  if (!quote.ok) return null;
  const { last_price: price, ohlc, last_trade_time: at } = quote.value;
  return describe(symbol, price, ohlc?.close ?? null, at ?? null);
}

export function describe(symbol: string, price: number, close: number | null, tradedAt: string | null): Price {
  const change = close === null || close <= 0 ? null : Math.round(((price - close) / close) * 10_000) / 100;
  return { symbol, price, previous_close: close, change_percent: change, traded_at: tradedAt };
}
