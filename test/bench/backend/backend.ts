import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { KITE } from '../../flow/backend/harness.ts';
import type { Table } from '../results/speed.ts';

export interface BackendSizes {
  logins: number;
  /** How often a long measurement is taken again. */
  rounds: number;
  /** How many requests are parked, a row each. */
  jobs: readonly number[];
  /** How many are parked for the comparison of stores and workers. */
  workerJobs: number;
  dashboards: number;
  seconds: number;
}

type Measure = (brokers: PracticeBrokers, sizes: BackendSizes) => Promise<Table>;

/** One measurement of the backend, against the practice brokers on this machine. */
export async function withPracticeBrokers(sizes: BackendSizes, measure: Measure): Promise<Table> {
  const brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  try {
    return await measure(brokers, sizes);
  } finally {
    await brokers.close();
  }
}
