import { type ClientRequest, get } from 'node:http';
import type { PracticeBrokers } from '../../brokers/index.ts';
import { KITE } from '../../flow/backend/harness.ts';
import { until } from '../../support/until.ts';
import type { Table } from '../results/speed.ts';
import { quantile, spreadOf } from '../results/spread.ts';
import type { BackendSizes } from './backend.ts';
import { floodWithGarbage, keepHalfOpen } from './flood.ts';
import { MIB, memoryOf } from './sample.ts';
import { withBackend } from './with-backend.ts';

const AT_ONCE = 8;
const GARBAGE_SENDERS = 200;
const HALF_OPEN = 100;

/** Signed status requests a second from eight callers at once, alone, while dashboards listen for events, and under a flood. */
export function measureStatus(brokers: PracticeBrokers, { dashboards, seconds }: BackendSizes): Promise<Table> {
  return withBackend(brokers, async ({ url, key }, sender) => {
    await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
    await until(sender.check, ({ feed }) => feed?.state === 'live');
    const rows: Table['rows'] = [];
    const note = async (name: string) => {
      const times = await hammer(() => sender.check(), seconds);
      const memory = (await memoryOf(url)) / MIB;
      rows.push({ name, figures: [times.length / seconds, spreadOf(times), quantile(times, 0.99), memory] });
    };
    await note('nobody listens');
    const listeners = await Promise.all(Array.from({ length: dashboards }, () => listen(`${url}/events`, key())));
    await note(`${dashboards.toLocaleString('en')} dashboards listen`);
    const stops = [floodWithGarbage(url, GARBAGE_SENDERS), keepHalfOpen(url, HALF_OPEN)];
    await note(`and ${GARBAGE_SENDERS} post garbage, ${HALF_OPEN} half open`);
    for (const stop of stops) stop();
    for (const listener of listeners) listener.destroy();
    return { id: 'status', basis: `session.check, ${AT_ONCE} at once, ${seconds} s each`, columns: COLUMNS, rows };
  });
}

const COLUMNS: Table['columns'] = [
  { name: 'a second', digits: 0 },
  { name: 'ms', digits: 2 },
  { name: '99 of 100 within, ms', digits: 2 },
  { name: 'MiB', digits: 0 },
];

/** Asks again and again, eight at once, and gives how long each took, ms. */
async function hammer(ask: () => Promise<unknown>, seconds: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1_000;
  const one = async () => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await ask();
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return times;
}

/** One dashboard: its event stream stays open until it is destroyed. */
function listen(url: string, key: { authorization: string }): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, headers: { accept: 'text/event-stream', ...key } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`GET /events answers ${response.statusCode}`));
      response.resume();
      // Ended by us, or with the backend: either is the end of this dashboard.
      response.on('error', () => request.destroy());
      resolve(request);
    });
    request.on('error', reject);
  });
}
