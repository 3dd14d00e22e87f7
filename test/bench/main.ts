import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { startPracticeBrokers } from '../brokers/index.ts';
import { startChromium } from '../support/chromium.ts';
import { openDestination } from '../support/destination.ts';
import { pairWith } from '../support/pairing.ts';
import { APPS } from '../support/practice.ts';
import { until } from '../support/until.ts';

/**
 * From the broker's 302 to the token at the backend: through the extension with its worker awake and dead, beside the same
 * browser's plain navigation to a server-side callback. Figures of one run on one machine; only the ratios travel.
 */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '40' } } });
const RUNS = Number(values.runs);

const clock = () => performance.timeOrigin + performance.now();
const brokers = await startPracticeBrokers(clock);
const { kite } = brokers;

const callback = await startCallback();
const destination = await openDestination();
let arrivedAt = 0;
destination.answerTokens((_, usual) => {
  arrivedAt = clock();
  return usual();
});

const rows = {
  'plain navigation to a callback': await measurePlain(),
  'extension, worker awake': await measureExtension(true),
  'extension, worker dead': await measureExtension(false),
};
await destination.close();
callback.close();
await brokers.close();
print(rows);

async function measurePlain(): Promise<number[]> {
  kite.register({ ...APPS.zerodha, redirectUrl: callback.url });
  const chromium = await startChromium({ brokers });
  const times: number[] = [];
  const url = `https://kite.zerodha.com/connect/login?v=3&api_key=${APPS.zerodha.apiKey}`;
  for (let run = -1; run < RUNS; run += 1) {
    const tab = await chromium.context.newPage();
    callback.hitAt = 0;
    await tab.goto(url);
    await tab.click('#login');
    await until(
      () => callback.hitAt,
      (at) => at > 0,
    );
    if (run >= 0) times.push(callback.hitAt - redirectedAt());
    await tab.close();
  }
  await chromium.close();
  return times;
}

async function measureExtension(isAwake: boolean): Promise<number[]> {
  kite.register(APPS.zerodha);
  const chromium = await startChromium({ brokers });
  await chromium.allow('https://kite.zerodha.com/*', 'http://127.0.0.1/*');
  const account = await pairWith(chromium, destination, 'bench');
  const times: number[] = [];
  for (let run = -1; run < RUNS; run += 1) {
    arrivedAt = 0;
    const tab = await chromium.loginTab(() => chromium.send({ type: 'log-in', account }));
    await tab.waitForSelector('#login');
    if (!isAwake) await chromium.killWorker();
    await tab.click('#login');
    await until(
      () => arrivedAt,
      (at) => at > 0,
    );
    if (run >= 0) times.push(arrivedAt - redirectedAt());
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
function redirectedAt(): number {
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

function print(measured: Record<string, number[]>): void {
  const base = quantile(measured['plain navigation to a callback'] ?? [], 0.5);
  console.log(`${'broker’s 302 → token at the backend'.padEnd(38)} median ms   p95 ms   ratio   (${RUNS} runs)`);
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

function quantile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN;
}
