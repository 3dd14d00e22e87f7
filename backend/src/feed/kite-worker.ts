import { parentPort, workerData } from 'node:worker_threads';
import { KiteTicker } from 'kiteconnect';
import { z } from '../../../utils/shared/schema.ts';
import type { KiteMessage } from './kite-feed.ts';

const { apiKey, accessToken, instruments } = z.parse(
  z.object({ apiKey: z.string(), accessToken: z.string(), instruments: z.array(z.number()) }),
  workerData,
);
const post = (message: KiteMessage) => parentPort?.postMessage(message);

const ticker = new KiteTicker({ api_key: apiKey, access_token: accessToken, reconnect: false });
let isSilent = true;
let problem = 'the connection was closed';
ticker.on('connect', () => {
  ticker.subscribe(instruments);
  ticker.setMode(ticker.modeFull, instruments);
  problem = 'the ticker sent nothing';
});
ticker.on('message', () => {
  // Kite confirms no subscription; its heartbeat, at any hour, is the first sign that the stream lives.
  if (!isSilent) return;
  isSilent = false;
  problem = 'the connection was closed';
  post({ type: 'subscribed' });
});
ticker.on('ticks', (ticks) => {
  const prices = ticks.map(({ instrument_token: token, last_price: price }) => ({ token, price }));
  post({ type: 'ticked', prices });
});
ticker.on('error', (event: unknown) => {
  if (typeof event === 'object' && event !== null && 'message' in event) problem = String(event.message);
});
ticker.on('disconnect', () => post({ type: 'down', problem }));
ticker.connect();
