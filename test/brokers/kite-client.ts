/** The official client as a user runs it: REST on the main thread, the ticker in a worker, no option that names a host. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { KiteConnect, KiteTicker } from 'kiteconnect';

const TOKENS = [256265, 260105, 265];
const NAMES = ['NSE:NIFTY 50', 'NSE:NIFTY BANK', 'BSE:SENSEX'];

async function main(): Promise<void> {
  const [apiKey = '', apiSecret = '', requestToken = ''] = process.argv.slice(2);
  const kite = new KiteConnect({ api_key: apiKey });
  const session = await kite.generateSession(requestToken, apiSecret);
  const again = await kite.generateSession(requestToken, apiSecret).catch((error: unknown) => error);
  const profile = await kite.getProfile();
  const quote = await kite.getQuote(NAMES);
  const worker = new Worker(new URL(import.meta.url), { workerData: { apiKey, accessToken: session.access_token } });
  const ticks = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  const loggedOut = await kite.invalidateAccessToken();
  const refused = await kite.getProfile().catch((error: unknown) => error);
  console.log(JSON.stringify({ session, again, profile, quote, ticks, loggedOut, refused }));
}

/** Answers with the first message of ticks in full mode, once two heartbeats have passed beside it. */
function watch({ apiKey, accessToken }: { apiKey: string; accessToken: string }): void {
  const ticker = new KiteTicker({ api_key: apiKey, access_token: accessToken, reconnect: false });
  let heartbeats = 0;
  ticker.on('connect', () => {
    ticker.subscribe(TOKENS);
    ticker.setMode(ticker.modeFull, TOKENS);
  });
  ticker.on('message', (bytes: ArrayBuffer) => {
    if (bytes.byteLength === 1) heartbeats += 1;
  });
  ticker.on('ticks', (ticks: { mode: string }[]) => {
    if (heartbeats >= 2 && ticks.every(({ mode }) => mode === 'full')) parentPort?.postMessage(ticks);
  });
  ticker.on('error', () => parentPort?.postMessage('refused'));
  ticker.connect();
}

if (isMainThread) await main();
else watch(workerData);
