import { createHash } from 'node:crypto';
import { parseJson, z } from '../../../utils/shared/schema.ts';
import { DAY, formatIst, istClock } from '../../../utils/shared/time.ts';
import { type Answer, type Asked, json } from '../message.ts';
import { instrumentOf, priceOf } from '../prices.ts';
import { BAD_CHECKSUM, INVALID_SESSION, UNAVAILABLE, UNKNOWN_KEY } from './errors.ts';
import type { BreezePractice } from './practice.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const QuoteBody = z.object({ stock_code: z.string(), exchange_code: z.string() });

export function funds(breeze: BreezePractice, asked: Asked): Answer {
  return (
    refusal(breeze, asked) ??
    success({
      bank_account: '000000000000',
      total_bank_balance: 100_000,
      allocated_equity: 0,
      block_by_trade_equity: 0,
    })
  );
}

export function quotes(breeze: BreezePractice, asked: Asked): Answer {
  const refused = refusal(breeze, asked);
  if (refused !== null) return refused;
  const body = z.safeParse(QuoteBody, parseJson(asked.body));
  if (!body.success) return UNAVAILABLE;
  const { last, open, high, low, close } = priceOf(instrumentOf(body.data.stock_code), breeze.now());
  const ltp_percent_change = Math.round(((last - close) / close) * 10_000) / 100;
  const product_type = 'cash';
  const row = {
    ...body.data,
    product_type,
    ltp: last,
    ltt: stamp(breeze.now()),
    open,
    high,
    low,
    previous_close: close,
    ltp_percent_change,
  };
  return success([row]);
}

const ChainBody = z.object({
  stock_code: z.string(),
  exchange_code: z.literal('NFO'),
  product_type: z.literal('options'),
  expiry_date: z.string(),
  right: z.enum(['call', 'put']),
});

/** Every fifty points around the price, each worth less the further away it is. */
export function optionChain(breeze: BreezePractice, asked: Asked): Answer {
  const refused = refusal(breeze, asked);
  if (refused !== null) return refused;
  const body = z.safeParse(ChainBody, parseJson(asked.body));
  if (!body.success) return UNAVAILABLE;
  const { stock_code, exchange_code, product_type, expiry_date, right } = body.data;
  const { last } = priceOf(instrumentOf(stock_code), breeze.now());
  const middle = Math.round(last / 50) * 50;
  const rows = Array.from({ length: 81 }, (_, index) => {
    const strike_price = middle + (index - 40) * 50;
    const away = right === 'call' ? strike_price - last : last - strike_price;
    const ltp = Math.round(Math.max(400 * Math.exp(-away / 400), 0.05) * 20) / 20;
    return { stock_code, exchange_code, product_type, expiry_date, right, strike_price, ltp };
  });
  return success(rows);
}

const CandleBody = z.object({
  interval: z.literal('day'),
  from_date: z.string(),
  to_date: z.string(),
  stock_code: z.string(),
});

/** One candle a day. */
export function candles(breeze: BreezePractice, asked: Asked): Answer {
  const refused = refusal(breeze, asked);
  if (refused !== null) return refused;
  const body = z.safeParse(CandleBody, parseJson(asked.body));
  if (!body.success) return UNAVAILABLE;
  const { from_date, to_date, stock_code } = body.data;
  const days = Math.max(Math.round((Date.parse(to_date) - Date.parse(from_date)) / DAY), 0);
  const rows = Array.from({ length: days }, (_, index) => {
    const at = Date.parse(from_date) + index * DAY;
    const { last, ...price } = priceOf(instrumentOf(stock_code), at);
    return { datetime: new Date(at).toISOString().slice(0, 10), stock_code, ...price, close: last, volume: 0 };
  });
  return success(rows);
}

/** Why a signed call is refused: the app, the session, then the checksum over the timestamp and the body as sent. */
function refusal(breeze: BreezePractice, { headers, body }: Asked): Answer | null {
  const [appKey, token, timestamp, checksum] = ['x-appkey', 'x-sessiontoken', 'x-timestamp', 'x-checksum'].map((name) =>
    String(headers[name] ?? ''),
  );
  // A header loses the blanks around its value, and a key may end with one.
  const app = [...breeze.apps.values()].find(({ apiKey }) => apiKey.trim() === appKey);
  if (app === undefined) return UNKNOWN_KEY;
  if (breeze.faults.has('breeze.funds.invalid-session')) return INVALID_SESSION;
  const sessionKey = Buffer.from(token ?? '', 'base64')
    .toString()
    .split(':')[1];
  const session = breeze.find((one) => one.sessionKey === sessionKey && one.apiKey === app.apiKey);
  if (session === null) return INVALID_SESSION;
  const expected = createHash('sha256')
    .update(timestamp + body + app.apiSecret)
    .digest('hex');
  return checksum === `token ${expected}` && timestamp?.endsWith('.000Z') ? null : BAD_CHECKSUM;
}

function success(Success: unknown): Answer {
  return json({ Success, Status: 200, Error: null });
}

/** `05-Feb-2025 09:36:56`, in IST. */
function stamp(now: number): string {
  const [year, month, day] = istClock(now).date.split('-');
  return `${day}-${MONTHS[Number(month) - 1]}-${year} ${formatIst(now, true)}`;
}
