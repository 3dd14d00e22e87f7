import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../../backend/src/store/database.ts';
import { openLine } from '../../../backend/src/store/line.ts';
import { createSqlite } from '../../../backend/src/store/sqlite.ts';
import { openJobs } from '../../../backend/src/store/tables/jobs.ts';
import { HOUR } from '../../../utils/shared/time.ts';
import type { PracticeBrokers } from '../../brokers/index.ts';
import { KITE } from '../../flow/backend/harness.ts';
import type { Table } from '../results/speed.ts';
import type { BackendSizes } from './backend.ts';
import { MIB, memoryOf, sampleOf } from './sample.ts';
import { withBackend } from './with-backend.ts';

const LOOK_MS = 250;

/** How fast parked requests run once a session is there, what they cost in memory, and how long others wait meanwhile. */
export async function measureRetries(brokers: PracticeBrokers, { jobs }: BackendSizes): Promise<Table> {
  const rows: Table['rows'] = [];
  for (const count of jobs) {
    const { perSecond, parkedBytes, mostBytes, slowestMs } = await measure(brokers, count);
    const figures = [perSecond, parkedBytes / MIB, mostBytes / MIB, slowestMs];
    rows.push({ name: `${count.toLocaleString('en')} parked`, figures });
  }
  return {
    id: 'retries',
    basis: 'requests parked, then a login',
    columns: [
      { name: 'retried a second', digits: 0 },
      { name: 'MiB parked', digits: 0 },
      { name: 'MiB retrying', digits: 0 },
      { name: 'slowest GET /health meanwhile, ms', digits: 0 },
    ],
    rows,
  };
}

interface Retried {
  perSecond: number;
  parkedBytes: number;
  mostBytes: number;
  slowestMs: number;
}

function measure(brokers: PracticeBrokers, count: number): Promise<Retried> {
  return withBackend(
    brokers,
    async ({ url }, sender) => {
      const parked = await memoryOf(url);
      const startedAt = performance.now();
      await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
      let most = parked;
      let slowest = 0;
      while ((await sampleOf(url, 'opening_bell_jobs{account="zerodha",state="done"}')) < count) {
        const askedAt = performance.now();
        await fetch(`${url}/health`);
        slowest = Math.max(slowest, performance.now() - askedAt);
        most = Math.max(most, await memoryOf(url));
        brokers.kite.forget();
        await sleep(Math.min(LOOK_MS, count));
      }
      const perSecond = (count / (performance.now() - startedAt)) * 1_000;
      return { perSecond, parkedBytes: parked, mostBytes: most, slowestMs: slowest };
    },
    (dataDir) => park(dataDir, count),
  );
}

/** Parks them where the backend will find them, without waiting for the disk: a hundred thousand posts would be another measurement. */
async function park(dataDir: string, count: number): Promise<void> {
  const db = openDatabase(dataDir);
  db.exec('PRAGMA synchronous = OFF');
  const sql = createSqlite(db);
  const jobs = openJobs(sql, 'benchmark', openLine(sql));
  const job = {
    account: 'zerodha',
    type: 'profile',
    label: 'profile',
    acts: false,
    params: {},
    dedupeKey: null,
    idempotencyKey: null,
  } as const;
  for (let i = 0; i < count; i += 1) {
    const now = Date.now();
    await jobs.add({ ...job, limitAt: now + 2 * HOUR }, 'there is no session: log in', now);
  }
  db.close();
}
