import type { BrokerId } from '../../../utils/domain/contract.ts';
import type { Feeds } from '../feed/feeds.ts';
import type { Log } from '../log.ts';
import type { Sessions } from '../store/sessions.ts';

export interface FollowOptions {
  sessions: Sessions;
  feeds: Feeds;
  log: Log;
  now(): number;
}

/** Hands each new session to this process's feed, whichever process applied it: the generation in the store tells. */
export function createFollow({ sessions, feeds, log, now }: FollowOptions) {
  const seen = new Map<BrokerId, number>();
  return {
    pulse(account: BrokerId): void {
      const generation = sessions.generation(account);
      const before = seen.get(account);
      if (generation === before) return;
      seen.set(account, generation);
      const session = sessions.live(account, now());
      if (session === null) return;
      if (before !== undefined) log({ event: 'session.taken_over', account, generation });
      feeds[account]?.start(session);
    },
  };
}
