import { createHash } from 'node:crypto';
import { parseJson, z } from '../../../utils/domain/schema.ts';
import { formatIst, istClock } from '../../../utils/domain/time.ts';
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
