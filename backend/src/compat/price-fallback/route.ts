import type { Handler } from 'hono';
import { MINUTE } from '../../../../utils/shared/time.ts';
import { createLimit } from '../../http/limit.ts';
import type { LivePrice } from './live-price.ts';
import { SYMBOLS } from './symbols.ts';

const REQUESTS_A_MINUTE = 60;
const MOST_AT_ONCE = 5;

/** `GET /api/breeze-live-price?symbol=NIFTY,SENSEX`: 60 requests a minute over all callers. */
export function livePriceRoute(livePrice: LivePrice, now: () => number): Handler {
  const admits = createLimit(REQUESTS_A_MINUTE, MINUTE);
  return async (context) => {
    const names = (context.req.query('symbol') ?? 'NIFTY').toUpperCase().split(',').slice(0, MOST_AT_ONCE);
    const symbols = SYMBOLS.filter(({ symbol }) => names.includes(symbol));
    if (symbols.length !== new Set(names).size) {
      const known = SYMBOLS.map(({ symbol }) => symbol).join(', ');
      return context.json({ success: false, error: `symbol must be one of: ${known}` }, 400);
    }
    if (!admits(now())) {
      context.header('retry-after', '60');
      return context.json({ success: false, error: 'at most 60 requests a minute' }, 429);
    }
    const answer = await livePrice.quotes(symbols);
    if (answer.ok) {
      const { fallback, source, prices, missing } = answer;
      return context.json({ success: true, fallback, source, prices, missing });
    }
    const auth_required = answer.reason === 'no_session';
    return context.json({ success: false, auth_required, error: answer.words }, auth_required ? 200 : 502);
  };
}
