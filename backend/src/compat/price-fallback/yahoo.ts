import { check, parseJson, z } from '../../../../utils/shared/schema.ts';
import { SECOND } from '../../../../utils/shared/time.ts';
import { describe, type Price } from './price.ts';
import type { PriceSymbol } from './symbols.ts';

const CHART = 'https://query1.finance.yahoo.com/v8/finance/chart/';
const TIMEOUT_MS = 5 * SECOND;
const MAX_ANSWER_CHARS = 1_000_000;
/** Yahoo publishes no limit; asking again within this time would bring the same minute anyway. */
const FRESH_MS = 15 * SECOND;

const Chart = z.object({
  chart: z.object({
    result: z.array(
      z.object({
        meta: z.object({
          regularMarketPrice: z.number().check(z.positive()),
          chartPreviousClose: z.optional(z.number()),
          regularMarketTime: z.optional(z.int()),
        }),
      }),
    ),
  }),
});

/** The last prices of Yahoo's chart endpoint; callers within fifteen seconds share one answer. Null: it has none. */
export function createYahoo(now: () => number) {
  const recent = new Map<string, { at: number; price: Promise<Price | null> }>();
  return (symbol: PriceSymbol): Promise<Price | null> => {
    const known = recent.get(symbol.symbol);
    if (known !== undefined && now() - known.at < FRESH_MS) return known.price;
    const price = ask(symbol);
    recent.set(symbol.symbol, { at: now(), price });
    return price;
  };
}

async function ask({ symbol, yahoo }: PriceSymbol): Promise<Price | null> {
  try {
    const response = await fetch(`${CHART}${encodeURIComponent(yahoo)}?range=1d&interval=1m`, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const chart = check(Chart, text.length > MAX_ANSWER_CHARS ? null : parseJson(text));
    const meta = response.ok && chart.ok ? chart.value.chart.result[0]?.meta : undefined;
    if (meta === undefined) return null;
    const { regularMarketPrice: price, chartPreviousClose: close, regularMarketTime: seconds } = meta;
    return describe(
      symbol,
      price,
      close ?? null,
      seconds === undefined ? null : new Date(seconds * SECOND).toISOString(),
    );
  } catch {
    return null;
  }
}
