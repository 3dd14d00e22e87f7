import { parseJson } from '../../../utils/shared/schema.ts';
import type { BrokerApi, Reply } from '../brokers/client.ts';
import type { Clients } from '../brokers/clients.ts';
import { insist } from '../config/insist.ts';
import type { Log } from '../log/log.ts';
import { endedBy } from '../session/findings.ts';
import type { Job } from '../store/tables/job.ts';
import type { Ending, Jobs } from '../store/tables/jobs.ts';
import type { Session, Sessions } from '../store/tables/sessions.ts';
import type { LookedUp, Operation, Prepared } from './operation.ts';
import { judge } from './verdict.ts';

export interface Runner {
  /** Runs a job that this process has taken, and writes down how it ended. */
  run(job: Job, session: Session): Promise<void>;
  /** Writes down how a job that this process has taken ended. */
  end(job: Job, ending: Ending): Promise<void>;
  /** Asks the broker whether it carried an act out; null where the operation cannot tell. */
  lookUp(job: Job, session: Session): Promise<Reply<LookedUp>> | null;
}

export interface RunnerOptions {
  jobs: Jobs;
  sessions: Sessions;
  clients: Clients;
  operations: readonly Operation[];
  log: Log;
  now(): number;
}

export function createRunner({ jobs, sessions, clients, operations, log, now }: RunnerOptions): Runner {
  const prepare = (job: Job, session: Session): { prepared: Prepared; api: BrokerApi } | null => {
    const prepared = operations.find(({ name }) => name === job.type)?.prepare(parseJson(job.params));
    const api = clients[job.account]?.open(session.accessToken, session.dayToken, session.user);
    return prepared?.ok && api !== undefined ? { prepared: prepared.value, api } : null;
  };

  return {
    async run(job, session) {
      try {
        await end(job, await carryOut(job, session));
      } finally {
        jobs.letGo(job.id);
      }
    },
    async end(job, ending) {
      try {
        await end(job, ending);
      } finally {
        jobs.letGo(job.id);
      }
    },
    lookUp(job, session) {
      const ready = prepare(job, session);
      if (ready === null || ready.prepared.lookUp === null || job.idempotency_key === null) return null;
      const { lookUp } = ready.prepared;
      const key = job.idempotency_key;
      return settled(async () => lookUp(ready.api, key));
    },
  };

  async function carryOut(job: Job, session: Session): Promise<Ending> {
    const ready = prepare(job, session);
    const reply =
      ready === null
        ? UNKNOWN_OPERATION
        : await settled(async () => ready.prepared.run(ready.api, job.idempotency_key));
    const isSessionGone = await insist(() => endedBy({ sessions, log, now }, session, reply));
    return judge(job, reply, isSessionGone, now());
  }

  async function end(job: Job, ending: Ending): Promise<void> {
    const { account } = job;
    // What has run must not run again because the database is away for a moment.
    if (!(await insist(() => jobs.end(job, ending, now())))) return;
    if (ending.state === 'parked') log({ event: 'job.parked', account, job: job.number });
    else if (ending.state !== 'queued') log({ event: 'job.finished', account, job: job.number, state: ending.state });
  }
}

const UNKNOWN_OPERATION: Reply<never> = {
  ok: false,
  status: 400,
  body: {},
  words: 'this backend does not know this operation any more',
};

/** An operation that throws has given no answer. */
function settled<T>(work: () => Promise<Reply<T>>): Promise<Reply<T>> {
  return work().catch(() => ({ ok: false, status: 0, body: null, words: 'the operation failed in this backend' }));
}
