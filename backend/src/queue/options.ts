import type { Clients } from '../brokers/clients.ts';
import type { Log } from '../log/log.ts';
import type { JobLists } from '../store/tables/job-lists.ts';
import type { Jobs } from '../store/tables/jobs.ts';
import type { Sessions } from '../store/tables/sessions.ts';
import type { Markets } from './trading.ts';

export interface QueueOptions extends Markets {
  jobs: Jobs;
  lists: JobLists;
  sessions: Sessions;
  clients: Clients;
  log: Log;
  now(): number;
}
