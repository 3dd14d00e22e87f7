import { SECOND } from '../../../utils/shared/time.ts';
import type { AccountName } from '../config/account-name.ts';
import { pulseFailed } from '../log/log.ts';
import type { Job } from '../store/tables/job.ts';
import type { Session } from '../store/tables/sessions.ts';
import type { QueueOptions } from './options.ts';
import type { Runner } from './run.ts';
import { createSingle } from './single.ts';

const FIRST_PAUSE_MS = 5 * SECOND;

/** Asks the broker about the acts whose outcome is unknown, more and more seldom, and never runs one. */
export function createLookUps({ jobs, sessions, runner, log, now }: QueueOptions & { runner: Runner }) {
  const nextAt = new Map<string, number>();
  const asking = createSingle(pulseFailed(log));
  let isStopping = false;

  async function pulse(account: AccountName): Promise<void> {
    if (isStopping) return;
    const uncertain = await jobs.uncertain(account);
    const due = uncertain.filter(({ id, runs }) => (nextAt.get(`${id} ${runs}`) ?? 0) <= now());
    const session = due.length === 0 ? null : await sessions.live(account, now());
    if (session === null) return;
    asking.run(account, () => askAll(due, session));
  }

  async function askAll(due: readonly Job[], session: Session): Promise<void> {
    for (const job of due) {
      nextAt.set(`${job.id} ${job.runs}`, now() + Math.max(FIRST_PAUSE_MS, now() - job.created_at));
      const known = await runner.lookUp(job, session);
      if (!known?.ok) continue;
      if (known.value.found) await jobs.learn(job, known.value.result, now());
      else await jobs.turn(job.id, 'needs_confirmation', 'the broker does not know it: confirm to send it', now());
    }
  }

  return {
    pulse,
    async stop(): Promise<void> {
      isStopping = true;
      await asking.settled();
    },
  };
}
