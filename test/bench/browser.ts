import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PracticeBrokers, startPracticeBrokers } from '../brokers/index.ts';
import { openDestination, type TestDestination } from '../support/backend/destination.ts';
import { pairWith } from '../support/backend/pairing.ts';
import { APPS } from '../support/backend/practice.ts';
import { startChromium } from '../support/browsers/chromium.ts';
import { until } from '../support/until.ts';
import { quantile } from './results/quantile.ts';

const clock = () => performance.timeOrigin + performance.now();

/**
 * From the broker's 302 to the token at the backend: through the extension with its worker awake and dead, beside the same
 * browser's plain navigation to a server-side callback. Figures of one run on one machine; only the ratios travel.
 */
export async function measureBrowser(runs: number): Promise<void> {
  const brokers = await startPracticeBrokers(clock);
  const callback = await startCallback();
  const destination = await openDestination();
  const bench: Bench = { runs, brokers, callback, destination, arrivedAt: 0 };
  destination.answerTokens((_, usual) => {
    bench.arrivedAt = clock();
    return usual();
  });
  const rows = {
    'plain navigation to a callback': await measurePlain(bench),
    'extension, worker awake': await measureExtension(bench, true),
    'extension, worker dead': await measureExtension(bench, false),
  };
  await destination.close();
  callback.close();
  await brokers.close();
  print(rows, runs);
}

interface Bench {
  runs: number;
  brokers: PracticeBrokers;
  callback: Awaited<ReturnType<typeof startCallback>>;
  destination: TestDestination;
  /** When the last token came to the backend, epoch ms. */
  arrivedAt: number;
}

async function measurePlain({ runs, brokers, callback }: Bench): Promise<number[]> {
  brokers.kite.register({ ...APPS.zerodha, redirectUrl: callback.url });
  const chromium = await startChromium({ brokers });
  const times: number[] = [];
  const url = `https://kite.zerodha.com/connect/login?v=3&api_key=${APPS.zerodha.apiKey}`;
  for (let run = -1; run < runs; run += 1) {
    const tab = await chromium.context.newPage();
    callback.hitAt = 0;
    await tab.goto(url);
    await tab.click('#login');
    await until(
      () => callback.hitAt,
      (at) => at > 0,
    );
    if (run >= 0) times.push(callback.hitAt - redirectedAt(brokers));
    await tab.close();
  }
  await chromium.close();
  return times;
}

async function measureExtension(bench: Bench, isAwake: boolean): Promise<number[]> {
  const { runs, brokers, destination } = bench;
  brokers.kite.register(APPS.zerodha);
  const chromium = await startChromium({ brokers });
  await chromium.allow('https://kite.zerodha.com/*', 'http://127.0.0.1/*');
  const account = await pairWith(chromium, destination, 'bench');
  const times: number[] = [];
  for (let run = -1; run < runs; run += 1) {
    bench.arrivedAt = 0;
    const tab = await chromium.loginTab(() => chromium.send({ type: 'log-in', account }));
    await tab.waitForSelector('#login');
    if (!isAwake) await chromium.killWorker();
    await tab.click('#login');
    await until(
      () => bench.arrivedAt,
      (at) => at > 0,
    );
    if (run >= 0) times.push(bench.arrivedAt - redirectedAt(brokers));
    await until(
      () => chromium.account('bench'),
      (one) => one?.status === 'live',
    );
    await tab.close();
  }
  await chromium.close();
  return times;
}

/** When the broker sent its last redirect to the registered URL. */
function redirectedAt({ kite }: PracticeBrokers): number {
  const finish = kite.requests.findLast(({ status, url }) => status === 302 && url.includes('/connect/finish'));
  if (!finish) throw new Error('the broker sent no redirect');
  return finish.at;
}

async function startCallback() {
  const server = createServer((request, response) => {
    if (request.url?.includes('request_token')) started.hitAt = clock();
    response.end('ok');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const started = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    hitAt: 0,
    close: () => void server.close(),
  };
  return started;
}

function print(measured: Record<string, number[]>, runs: number): void {
  const base = quantile(measured['plain navigation to a callback'] ?? [], 0.5);
  console.log(`${'broker’s 302 → token at the backend'.padEnd(38)} median ms   p95 ms   ratio   (${runs} runs)`);
  for (const [name, times] of Object.entries(measured)) {
    const median = quantile(times, 0.5);
    const cells = [
      median.toFixed(1).padStart(9),
      quantile(times, 0.95).toFixed(1).padStart(8),
      (median / base).toFixed(2).padStart(7),
    ];
    console.log(`${name.padEnd(38)} ${cells.join(' ')}`);
  }
}
