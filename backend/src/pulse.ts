import { SECOND } from '../../utils/shared/time.ts';
import type { Account } from './config/account.ts';
import { type Log, pulseFailed } from './log/log.ts';
import type { Queue } from './queue/queue.ts';
import { createRound } from './round.ts';
import type { Checks } from './session/checks.ts';
import type { createFollow } from './session/follow.ts';
import type { Waits } from './session/waits.ts';
import type { CheckClaims } from './store/tables/checks.ts';
import type { Deliveries } from './store/tables/deliveries.ts';
import type { Processes } from './store/tables/processes.ts';

const BEAT_MS = SECOND;

export interface PulseOptions {
  processes: Processes;
  deliveries: Deliveries;
  claims: CheckClaims;
  queue: Queue;
  checks: Checks;
  follow: ReturnType<typeof createFollow>;
  waits: Pick<Waits, 'look'>;
  accounts: readonly Account[];
  /** Whether this process runs what waited. */
  runsQueue: boolean;
  /** How often to look what is due, in ms. */
  lookEveryMs: number;
  log: Log;
  now(): number;
}

/** Does, again and again and at once when told to, what the store says is due: the processes on one store talk by it alone. */
export function createPulse(options: PulseOptions) {
  const { processes, deliveries, claims, queue, checks, follow, waits, accounts, runsQueue, lookEveryMs, log, now } =
    options;
  let timer: NodeJS.Timeout | undefined;
  let beatAt = 0;
  let isStopped = false;

  async function work(): Promise<void> {
    for (const { name } of accounts) {
      await follow.pulse(name);
      await checks.pulse(name);
      if (runsQueue) await queue.pulse(name);
      await waits.look(name);
    }
  }

  async function beat(): Promise<void> {
    // A clock that was set back must not stop the heart.
    if (Math.abs(now() - beatAt) < BEAT_MS) return;
    beatAt = now();
    await processes.beat(beatAt);
    if (!processes.mayTakeOver(beatAt)) return;
    for (const { account, kind } of await deliveries.takeOver(beatAt))
      log({ event: 'delivery.interrupted', account, kind });
    await claims.takeOver(beatAt);
    for (const { name } of accounts) await queue.takeOver(name);
    await processes.bury(beatAt);
  }

  /** A store that is busy, full or away for a moment: the next tick tries again. */
  const round = (act: () => Promise<void>) =>
    createRound(async () => {
      if (!isStopped) await act().catch((error) => isStopped || pulseFailed(log)(error));
    });
  const beating = round(beat);
  const working = round(work);

  return {
    /** Looks at once. */
    run: working.want,
    start(): void {
      const tick = () => {
        beating.want();
        working.want();
      };
      timer = setInterval(tick, lookEveryMs);
      tick();
    },
    async stop(): Promise<void> {
      isStopped = true;
      clearInterval(timer);
      await Promise.all([beating.ended(), working.ended()]);
    },
  };
}
