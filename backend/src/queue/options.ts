import type { Clients } from '../brokers/clients.ts';
import type { Log } from '../log/log.ts';
import type { JobLists } from '../store/tables/job-lists.ts';
import type { Jobs } from '../store/tables/jobs.ts';
import type { Sessions } from '../store/tables/sessions.ts';
import type { Operation } from './operation.ts';

export interface QueueOptions {
  jobs: Jobs;
  lists: JobLists;
  sessions: Sessions;
  clients: Clients;
  operations: readonly Operation[];
  log: Log;
  now(): number;
}
