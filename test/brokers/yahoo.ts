import { type Answer, type Asked, json, type Seen } from './message.ts';
import { instrumentOf, priceOf } from './prices.ts';

export interface YahooPractice {
  /** True: every request is one too many. */
  isBusy: boolean;
  readonly requests: Seen[];
  answer(asked: Asked): Answer;
}

const NAMES: Record<string, string> = {
  '^NSEI': 'NIFTY',
  '^NSEBANK': 'CNXBAN',
  '^BSESN': 'BSESEN',
  '^INDIAVIX': 'INDVIX',
};
const CHART = '/v8/finance/chart/';

/** query1.finance.yahoo.com: the last price of an index or of a share on NSE. */
export function createYahoo(now: () => number): YahooPractice {
  const yahoo: YahooPractice = {
    isBusy: false,
    requests: [],
    answer({ method, path }) {
      if (yahoo.isBusy) return json({ finance: { result: null, error: { code: 'Too Many Requests' } } }, 429);
      const symbol = path.startsWith(CHART) ? decodeURIComponent(path.slice(CHART.length)) : '';
      const name = NAMES[symbol] ?? /^([A-Z0-9&-]+)\.NS$/.exec(symbol)?.[1];
      if (method !== 'GET' || name === undefined)
        return json({ chart: { result: null, error: { code: 'Not Found' } } }, 404);
      const { last, close } = priceOf(instrumentOf(name), now());
      const regularMarketTime = Math.floor(now() / 1_000);
      const meta = { symbol, currency: 'INR', regularMarketPrice: last, chartPreviousClose: close, regularMarketTime };
      return json({ chart: { result: [{ meta }], error: null } });
    },
  };
  return yahoo;
}
