import { Worker } from 'node:worker_threads';
import { words } from '../brokers/client.ts';
import type { Connect } from './feed.ts';
import type { Price } from './tick.ts';

/** What the worker tells. */
export type KiteMessage =
  | { type: 'subscribed' }
  | { type: 'ticked'; prices: { token: number; price: number }[] }
  | { type: 'down'; problem: string };

/** The instruments by Kite's numbers. */
const SYMBOLS = new Map([
  [256265, 'NSE:NIFTY 50'],
  [260105, 'NSE:NIFTY BANK'],
  [265, 'BSE:SENSEX'],
]);

/**
 * The official KiteTicker, one worker a connection: its state is global to its module, and it ends the whole
 * process in two of its branches (2026-11, kiteconnect 5.3.0, https://github.com/zerodha/kiteconnectjs).
 */
export function kiteFeed(apiKey: string): Connect {
  return ({ accessToken }, { subscribed, ticked, down }) => {
    const worker = new Worker(new URL('./kite-worker.ts', import.meta.url), {
      workerData: { apiKey, accessToken, instruments: [...SYMBOLS.keys()] },
    });
    worker.on('message', (message: KiteMessage) => {
      if (message.type === 'subscribed') subscribed();
      else if (message.type === 'ticked') ticked(message.prices.flatMap(priceOf));
      else if (/\b40[13]\b/.test(message.problem)) down('refused', 'Zerodha refuses the access token');
      else down('lost', words(`Zerodha: ${message.problem}`, accessToken, apiKey));
    });
    worker.on('error', () => down('lost', 'the ticker failed'));
    worker.on('exit', () => down('lost', 'the ticker stopped'));
    return () => void worker.terminate();
  };
}

function priceOf({ token, price }: { token: number; price: number }): Price[] {
  const symbol = SYMBOLS.get(token);
  return symbol !== undefined && price > 0 ? [{ symbol, price }] : [];
}
