import type { PracticeBrokers } from '../../brokers/index.ts';
import {
  createSender,
  KITE,
  type Sender,
  type Spawned,
  spawnBackend,
  temporaryDir,
} from '../../flow/backend/harness.ts';
import { type Shared, storeKinds } from '../../support/backend/stores.ts';
import { until } from '../../support/until.ts';
import type { Figure, Table } from '../results/speed.ts';
import { spreadOf, timesOf } from '../results/spread.ts';
import type { BackendSizes } from './backend.ts';
import { bossAlone } from './boss.ts';
import { sampleOf } from './sample.ts';

const WORKERS = [1, 4, 8];
const ROTATIONS = 3;
const MINUTES_MS = 600_000;

/** One API process and some workers: how soon all know of a new session, and how fast what was parked runs. */
export async function measureWorkers(brokers: PracticeBrokers, { workerJobs, rounds }: BackendSizes): Promise<Table> {
  const rows: Table['rows'] = [];
  for (const kind of storeKinds()) {
    const isHere = !kind.isMissing;
    if (isHere) await kind.open();
    for (const workers of WORKERS) {
      const name = `${kind.name}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
      rows.push({
        name,
        figures: isHere ? await figuresOf(rounds, () => measure(brokers, kind.share, workers, workerJobs)) : NOT_HERE,
      });
    }
    if (isHere) await kind.close();
  }
  return {
    id: 'workers',
    basis: `one API process, ${workerJobs.toLocaleString('en')} parked, ${rounds} rounds`,
    columns: [
      { name: 'all know of a new session, ms', digits: 0 },
      { name: 'slowest', digits: 0 },
      { name: 'retried a second', digits: 0 },
      { name: 'pg-boss alone, a second', digits: 0 },
      { name: 'times pg-boss alone', digits: 2 },
    ],
    rows,
  };
}

const NOT_HERE: Figure[] = [null, null, null, null, null];

interface Worked {
  notices: number[];
  rate: number;
  /** What pg-boss does without this backend, right after it on the same database; null where the store is another one. */
  alone: number | null;
}

async function figuresOf(rounds: number, work: () => Promise<Worked>): Promise<Figure[]> {
  const measured: Worked[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await work());
  const notices = measured.flatMap((one) => one.notices);
  const rates = measured.map(({ rate }) => rate);
  const alone = measured.flatMap((one) => one.alone ?? []);
  const beside = alone.length === 0 ? [null, null] : [spreadOf(alone), timesOf(rates, alone)];
  return [spreadOf(notices), Math.max(...notices), spreadOf(rates), ...beside];
}

async function measure(
  brokers: PracticeBrokers,
  share: (dir: string) => Promise<Shared>,
  count: number,
  jobs: number,
): Promise<Worked> {
  const dir = temporaryDir();
  const { env: shared } = await share(dir.path);
  const env = { ...brokers.nodeEnv, ...shared, DATA_DIR: dir.path };
  const api = await spawnBackend({ ...env, ROLE: 'api' }, dir.path);
  const workers = await Promise.all(
    Array.from({ length: count }, () => spawnBackend({ ...env, ROLE: 'worker' }, dir.path)),
  );
  try {
    const sender = createSender(api.url, dir.path, 'zerodha');
    await park(api, jobs);
    const rate = await retry(brokers, api, sender, jobs);
    const notices: number[] = [];
    for (let rotation = 2; rotation < 2 + ROTATIONS; rotation += 1)
      notices.push(await notice(brokers, api, workers, sender, rotation));
    const { DATABASE_URL: url } = shared;
    const alone = url === undefined ? null : await bossAlone(brokers, url, count, jobs);
    return { notices, rate, alone };
  } finally {
    await Promise.all([api, ...workers].map((one) => one.kill('SIGTERM')));
    dir.remove();
  }
}

/** Parks them as the person's own code would. */
async function park({ url, key }: Spawned, jobs: number): Promise<void> {
  const body = JSON.stringify({ type: 'profile', account: 'zerodha' });
  const headers = { 'content-type': 'application/json', ...key() };
  for (let done = 0; done < jobs; done += 50)
    await Promise.all(
      Array.from({ length: Math.min(50, jobs - done) }, async () => {
        await (await fetch(`${url}/queue`, { method: 'POST', headers, body })).text();
      }),
    );
}

/** Parked requests a second, from the login to the last one. */
async function retry(brokers: PracticeBrokers, api: Spawned, sender: Sender, jobs: number): Promise<number> {
  const startedAt = performance.now();
  await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
  const done = 'opening_bell_jobs{account="zerodha",state="done"}';
  await until(
    () => sampleOf(api.url, done),
    (count) => count === jobs,
    MINUTES_MS,
  );
  return (jobs / (performance.now() - startedAt)) * 1_000;
}

/** Ms from the API process writing a new session to the last worker taking it up, by their logs: one machine, one clock. */
async function notice(
  brokers: PracticeBrokers,
  api: Spawned,
  workers: readonly Spawned[],
  sender: Sender,
  generation: number,
): Promise<number> {
  await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
  const at = (backend: Spawned, event: string) => timeOf(backend.stdout(), event, generation);
  const seen = await until(
    () => workers.map((worker) => at(worker, 'session.taken_over')),
    (times) => times.every((time) => time !== null),
    MINUTES_MS,
  );
  return Math.max(...seen.map(Number)) - Number(at(api, 'session.applied'));
}

function timeOf(output: string, event: string, generation: number): number | null {
  const line = output
    .split('\n')
    .find((one) => one.includes(`"${event}"`) && one.includes(`"generation":${generation}`));
  return line === undefined ? null : Date.parse((JSON.parse(line) as { time: string }).time);
}
