import { openDatabase } from '../../backend/src/store/database.ts';
import { openJobs } from '../../backend/src/store/jobs.ts';
import { HOUR } from '../../utils/domain/time.ts';
import type { PracticeBrokers } from '../brokers/index.ts';
import { KITE } from '../flow/backend-harness.ts';
import { until } from '../support/until.ts';
import type { BackendSizes } from './backend.ts';
import { MIB, memoryOf, sampleOf } from './sample.ts';
import { withBackend } from './with-backend.ts';

/** How fast parked requests run once a session is there, and what they cost in memory, for each number of them. */
export async function measureRetries(brokers: PracticeBrokers, { jobs }: BackendSizes): Promise<void> {
  console.log(`\n${'requests parked, then a login'.padEnd(38)}  retried/s  MiB parked  MiB retrying`);
  for (const count of jobs) console.log(await measure(brokers, count));
}

function measure(brokers: PracticeBrokers, count: number): Promise<string> {
  return withBackend(
    brokers,
    async ({ url }, sender) => {
      const parked = await memoryOf(url);
      const startedAt = performance.now();
      await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
      let most = parked;
      await until(
        async () => {
          most = Math.max(most, await memoryOf(url));
          brokers.kite.forget();
          return sampleOf(url, 'opening_bell_jobs{account="zerodha",state="done"}');
        },
        (done) => done === count,
        2 * HOUR,
      );
      const rate = (count / (performance.now() - startedAt)) * 1_000;
      const cells = [
        rate.toFixed(0).padStart(10),
        ...[parked, most].map((bytes) => (bytes / MIB).toFixed(0).padStart(10)),
      ];
      return `${String(count).padEnd(38)} ${cells.join('  ')}`;
    },
    (dataDir) => park(dataDir, count),
  );
}

/** Parks them where the backend will find them, without waiting for the disk: a hundred thousand posts would be another measurement. */
function park(dataDir: string, count: number): void {
  const db = openDatabase(dataDir);
  db.exec('PRAGMA synchronous = OFF');
  const jobs = openJobs(db, 'benchmark');
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
    jobs.add({ ...job, limitAt: now + 2 * HOUR }, 'there is no session: log in', now);
  }
  db.close();
}
