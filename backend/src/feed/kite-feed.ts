import { Worker } from 'node:worker_threads';
import { words } from '../brokers/client.ts';
import type { Connect } from './feed.ts';

/** What the worker tells. */
export type KiteMessage = { type: 'subscribed' } | { type: 'ticked' } | { type: 'down'; problem: string };

/** NIFTY 50, NIFTY BANK and SENSEX. */
const INSTRUMENTS = [256265, 260105, 265];

/**
 * The official KiteTicker, one worker a connection: its state is global to its module, and it ends the whole
 * process in two of its branches (2026-11, kiteconnect 5.3.0, https://github.com/zerodha/kiteconnectjs).
 */
export function kiteFeed(apiKey: string): Connect {
  return ({ accessToken }, { subscribed, ticked, down }) => {
    const worker = new Worker(new URL('./kite-worker.ts', import.meta.url), {
      workerData: { apiKey, accessToken, instruments: INSTRUMENTS },
    });
    worker.on('message', (message: KiteMessage) => {
      if (message.type === 'subscribed') subscribed();
      else if (message.type === 'ticked') ticked();
      else if (/\b40[13]\b/.test(message.problem)) down('refused', 'Zerodha refuses the access token');
      else down('lost', words(`Zerodha: ${message.problem}`, accessToken, apiKey));
    });
    worker.on('error', () => down('lost', 'the ticker failed'));
    worker.on('exit', () => down('lost', 'the ticker stopped'));
    return () => void worker.terminate();
  };
}
