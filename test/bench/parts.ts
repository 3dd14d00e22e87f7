import { type BackendSizes, withPracticeBrokers } from './backend/backend.ts';
import { measureFirstTick } from './backend/first-tick.ts';
import { measureLive } from './backend/live.ts';
import { measureRest } from './backend/rest.ts';
import { measureRetries } from './backend/retries.ts';
import { measureStatus } from './backend/status.ts';
import { measureTakeOver } from './backend/take-over.ts';
import { measureWorkers } from './backend/workers.ts';
import { AT_A_TIME, measureHold } from './hold/hold.ts';
import { measureOutbox } from './outbox/outbox.ts';
import { measurePopup } from './popup/popup.ts';
import type { Table, TableId } from './results/speed.ts';
import { measureWay } from './way/way.ts';
import { measureWeight } from './weight/weight.ts';

export interface Sizes extends BackendSizes {
  /** Logins by each way, openings of each popup. */
  runs: number;
  /** Requests of each page that is held or not. */
  requests: number;
  deliveries: number;
}

/** The parts of the bench, a table each, in the order in which a whole run measures them. */
export const PARTS: Record<TableId, (sizes: Sizes) => Promise<Table>> = {
  way: ({ runs }) => measureWay(runs),
  'first-tick': (sizes) => withPracticeBrokers(sizes, measureFirstTick),
  live: (sizes) => withPracticeBrokers(sizes, measureLive),
  outbox: ({ rounds, deliveries }) => measureOutbox(rounds, deliveries),
  popup: ({ runs }) => measurePopup(runs),
  hold: ({ requests }) => measureHold(Math.ceil(requests / AT_A_TIME)),
  weight: () => measureWeight(),
  retries: (sizes) => withPracticeBrokers(sizes, measureRetries),
  workers: (sizes) => withPracticeBrokers(sizes, measureWorkers),
  'take-over': (sizes) => withPracticeBrokers(sizes, measureTakeOver),
  status: (sizes) => withPracticeBrokers(sizes, measureStatus),
  rest: async () => measureRest(),
};
