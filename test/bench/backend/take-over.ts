import type { PracticeBrokers } from '../../brokers/index.ts';
import {
  createSender,
  KITE,
  type Sender,
  type Spawned,
  spawnBackend,
  temporaryDir,
} from '../../flow/backend/harness.ts';
import { type EventStream, openEventStream, priceAfter } from '../../support/backend/event-stream.ts';
import { type Shared, storeKinds } from '../../support/backend/stores.ts';
import { until } from '../../support/until.ts';
import type { Figure, Table } from '../results/speed.ts';
import { spreadOf } from '../results/spread.ts';
import type { BackendSizes } from './backend.ts';

const APIS = 2;
const WORKERS = 6;

interface TakeOvers {
  /** From each kill to the feed that is live again, in ms. */
  live: number[];
  /** From each kill to a newer price in the last of the other processes, in ms. */
  prices: number[];
}

/** The worker that has the feed is killed, again and again: how soon it is live again, and every process tells prices. */
export async function measureTakeOver(brokers: PracticeBrokers, { rounds }: BackendSizes): Promise<Table> {
  const rows: Table['rows'] = [];
  for (const kind of storeKinds()) {
    if (!kind.isMissing) await kind.open();
    const figures = kind.isMissing ? NOT_HERE : figuresOf(await measure(brokers, kind.share, rounds));
    rows.push({ name: kind.name, figures });
    if (!kind.isMissing) await kind.close();
  }
  return {
    id: 'take-over',
    basis: `${APIS} API processes, ${WORKERS} workers, ${rounds} kills`,
    columns: [
      { name: 'live again, ms', digits: 0 },
      { name: 'slowest', digits: 0 },
      { name: 'prices in every process, ms', digits: 0 },
      { name: 'slowest of these', digits: 0 },
    ],
    rows,
  };
}

const NOT_HERE: Figure[] = [null, null, null, null];

function figuresOf({ live, prices }: TakeOvers): Figure[] {
  return [spreadOf(live), Math.max(...live), spreadOf(prices), Math.max(...prices)];
}

async function measure(
  brokers: PracticeBrokers,
  share: (dir: string) => Promise<Shared>,
  kills: number,
): Promise<TakeOvers> {
  const dir = temporaryDir();
  const { env: shared } = await share(dir.path);
  const env = { ...brokers.nodeEnv, ...shared, DATA_DIR: dir.path };
  /** Each process, and what it tells of prices. */
  const apis = new Map<Spawned, EventStream>();
  const workers = new Map<Spawned, EventStream>();
  const add = async (role: 'api' | 'worker') => {
    const added = await spawnBackend({ ...env, ROLE: role }, dir.path);
    const processes = role === 'api' ? apis : workers;
    processes.set(added, await openEventStream(`${added.url}/ticks`, added.key()));
  };
  const areHeard = async (after: number) => {
    for (const stream of [...apis.values(), ...workers.values()]) await priceAfter(stream, 'zerodha', after);
  };
  try {
    await Promise.all(Array.from({ length: APIS }, () => add('api')));
    await Promise.all(Array.from({ length: WORKERS }, () => add('worker')));
    const [api] = apis.keys();
    if (api === undefined) throw new Error('no API process');
    const sender = createSender(api.url, dir.path, 'zerodha');
    await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
    const told: TakeOvers = { live: [], prices: [] };
    for (let kill = 0; kill < kills; kill += 1) {
      const first = await firstTick(sender, null);
      await areHeard(0);
      const holder = await holderAmong([...workers.keys()], api);
      workers.delete(holder);
      const killedAt = Date.now();
      await holder.kill('SIGKILL');
      const since = () => Date.now() - killedAt;
      const [live, prices] = await Promise.all([firstTick(sender, first).then(since), areHeard(killedAt).then(since)]);
      told.live.push(live);
      told.prices.push(prices);
      await add('worker');
    }
    return told;
  } finally {
    await Promise.all([...apis.keys(), ...workers.keys()].map((one) => one.kill('SIGTERM')));
    dir.remove();
  }
}

/** The first tick of the feed that is live, once it is another one than this. */
async function firstTick({ check }: Sender, before: string | null): Promise<string | null> {
  const { feed } = await until(check, ({ feed }) => feed?.state === 'live' && feed.first_tick_at !== before);
  return feed?.first_tick_at ?? null;
}

async function holderAmong(workers: readonly Spawned[], { url }: Spawned): Promise<Spawned> {
  const { accounts } = (await (await fetch(`${url}/status`)).json()) as {
    accounts: { account: string; feed: { held_by: { pid: number } | null } | null }[];
  };
  const pid = accounts.find(({ account }) => account === 'zerodha')?.feed?.held_by?.pid;
  const holder = workers.find((worker) => worker.pid === pid);
  if (holder === undefined) throw new Error('none of the workers has the feed');
  return holder;
}
