import type { BrokerId } from '../../../utils/shared/contract.ts';
import type { Feeds } from '../feed/feeds.ts';
import type { Log } from '../log/log.ts';
import type { Sessions } from '../store/tables/sessions.ts';

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
    async pulse(account: BrokerId): Promise<void> {
      const before = seen.get(account);
      const stored = await sessions.generation(account);
      if (stored === before) return;
      const session = await sessions.live(account, now());
      // Somebody else who looked at the same time was quicker, and may have found a newer one: the next look tells.
      if (seen.get(account) !== before) return;
      const generation = session?.generation ?? stored;
      if (generation === before) return;
      seen.set(account, generation);
      if (session === null) return;
      if (before !== undefined) log({ event: 'session.taken_over', account, generation });
      feeds[account]?.start(session);
    },
  };
}
