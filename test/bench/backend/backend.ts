import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { KITE } from '../../flow/backend/harness.ts';
import { measureFirstTick } from './first-tick.ts';
import { measureRetries } from './retries.ts';
import { measureStatus } from './status.ts';
import { measureWorkers } from './workers.ts';

export interface BackendSizes {
  logins: number;
  /** How many requests are parked, a row each. */
  jobs: readonly number[];
  /** How many are parked for the comparison of stores and workers. */
  workerJobs: number;
  dashboards: number;
  seconds: number;
}

export type Measure = (brokers: PracticeBrokers, sizes: BackendSizes) => Promise<void>;

const ALL: readonly Measure[] = [measureFirstTick, measureRetries, measureWorkers, measureStatus];

/** The backend against the practice brokers on this machine. Figures of one run on one machine; only the ratios travel. */
export async function measureBackend(sizes: BackendSizes, measures: readonly Measure[] = ALL): Promise<void> {
  const brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  for (const measure of measures) await measure(brokers, sizes);
  await brokers.close();
}
