import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR, SECOND } from '../../utils/shared/time.ts';
import type { PracticeBrokers } from '../brokers/index.ts';
import { REQUEST_TOKEN_MS } from '../brokers/kite/practice.ts';

/** What a receiver's own exchange makes of a token at the practice brokers. */
export interface Exchange {
  /** The address that a token is put behind. */
  url: string;
  /** Every token that was traded or tried, in order. */
  asked: string[];
  close(): Promise<void>;
}

/** The practice brokers' word on a token, without their protocols: the examples leave those to their reader. */
export async function startExchange(brokers: PracticeBrokers): Promise<Exchange> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const token = new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('token') ?? '';
    asked.push(token);
    const user = userOf(brokers, token);
    const said =
      user === null ? { refused: 'token_spent' } : { user, ends: Math.floor((Date.now() + 8 * HOUR) / SECOND) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Whose login a token is; null where it is used, over or unknown. Kite's is used by this. */
function userOf({ kite, breeze }: PracticeBrokers, token: string): string | null {
  const day = breeze.find(({ apisession }) => apisession === token);
  if (day) return day.userId;
  const once = kite.tokens.get(token);
  if (!once || once.spent || Date.now() - once.issuedAt > REQUEST_TOKEN_MS) return null;
  once.spent = true;
  return once.userId;
}
