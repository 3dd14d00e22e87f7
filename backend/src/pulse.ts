import { SECOND } from '../../utils/domain/time.ts';
import type { Account } from './config.ts';
import type { Log } from './log.ts';
import type { Queue } from './queue/queue.ts';
import type { Checks } from './session/checks.ts';
import type { createFollow } from './session/follow.ts';
import type { CheckClaims } from './store/checks.ts';
import type { Deliveries } from './store/deliveries.ts';
import type { Processes } from './store/processes.ts';

// What another process wrote is noticed within this time.
const EVERY_MS = 250;
const BEAT_MS = SECOND;

export interface PulseOptions {
  processes: Processes;
  deliveries: Deliveries;
  claims: CheckClaims;
  queue: Queue;
  checks: Checks;
  follow: ReturnType<typeof createFollow>;
  accounts: readonly Account[];
  log: Log;
  now(): number;
}

/** Does, again and again and at once when told to, what the store says is due: the processes on one store talk by it alone. */
export function createPulse(options: PulseOptions) {
  const { processes, deliveries, claims, queue, checks, follow, accounts, log, now } = options;
  let timer: NodeJS.Timeout | undefined;
  let beatAt = 0;
  let isStopped = false;

  function work(): void {
    for (const { name } of accounts) {
      follow.pulse(name);
      checks.pulse(name);
      queue.pulse(name);
    }
  }

  function beat(): void {
    // A clock that was set back must not stop the heart.
    if (Math.abs(now() - beatAt) < BEAT_MS) return;
    beatAt = now();
    processes.beat(beatAt);
    if (!processes.mayTakeOver(beatAt)) return;
    for (const { account, kind } of deliveries.takeOver(beatAt)) log({ event: 'delivery.interrupted', account, kind });
    claims.takeOver(beatAt);
    for (const { name } of accounts) queue.takeOver(name);
    processes.bury(beatAt);
  }

  function safely(act: () => void): void {
    if (isStopped) return;
    try {
      act();
    } catch {
      // A store that is busy or full for a moment: the next tick tries again.
      log({ event: 'pulse.failed' });
    }
  }

  const tick = () => {
    safely(beat);
    safely(work);
  };

  return {
    run: () => safely(work),
    start(): void {
      timer = setInterval(tick, EVERY_MS);
      tick();
    },
    stop(): void {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
