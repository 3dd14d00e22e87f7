import type { PracticeBrokers } from '../../brokers/index.ts';
import { until } from '../../support/until.ts';
import type { Table } from '../results/speed.ts';
import { spreadOf, timesOf } from '../results/spread.ts';
import { takeTurns } from '../turns.ts';
import { openWays, type Way, type WayName, type Ways } from './ways.ts';

/** What a way is compared with, beside the callback: the least that its kind can cost. */
const FLOOR: Partial<Record<WayName, WayName>> = {
  'this extension, worker awake': 'the floor, worker awake',
  'this extension, worker dead': 'the floor, worker dead',
};

/** From the broker's redirect to the token at the backend, by this extension and by other ways. */
export async function measureWay(runs: number): Promise<Table> {
  const ways = await openWays();
  const measured = await takeTurns(
    ways.all.map((way) => ({ name: way.name, turn: () => logIn(way, ways) })),
    runs,
  );
  await ways.close();
  const of = (name: WayName) => measured.get(name) ?? [];
  return {
    id: 'way',
    basis: `${runs} logins each, in turns`,
    columns: [
      { name: 'ms', digits: 1 },
      { name: 'times the callback', digits: 2 },
      { name: 'times its floor', digits: 2 },
      { name: 'times the content script', digits: 2 },
    ],
    rows: ways.all.map(({ name }) => {
      const floor = FLOOR[name];
      return {
        name,
        figures: [
          spreadOf(of(name)),
          timesOf(of(name), of('the backend’s own callback')),
          floor ? timesOf(of(name), of(floor)) : null,
          timesOf(of(name), of('a content script at document_idle')),
        ],
      };
    }),
  };
}

async function logIn(way: Way, { brokers, arrival }: Ways): Promise<number> {
  const tab = await way.open();
  await tab.waitForSelector('#login');
  await way.prepare?.();
  arrival.at = 0;
  await tab.click('#login');
  await until(
    () => arrival.at,
    (at) => at > 0,
  );
  const took = arrival.at - redirectedAt(brokers);
  await way.rest?.();
  await tab.close();
  return took;
}

/** When the broker sent its last redirect to the registered URL. */
function redirectedAt({ kite }: PracticeBrokers): number {
  const finish = kite.requests.findLast(({ status, url }) => status === 302 && url.includes('/connect/finish'));
  if (!finish) throw new Error('the broker sent no redirect');
  return finish.at;
}
