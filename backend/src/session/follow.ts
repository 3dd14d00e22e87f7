import type { AccountName } from '../config/account-name.ts';
import type { FeedKeeper } from '../feed/keeper.ts';
import type { Log } from '../log/log.ts';
import type { Sessions } from '../store/tables/sessions.ts';

export interface FollowOptions {
  sessions: Sessions;
  keeper: FeedKeeper;
  log: Log;
  now(): number;
}

/** Hands each new session to the feed, whichever process applied it: the generation in the store tells. */
export function createFollow({ sessions, keeper, log, now }: FollowOptions) {
  const seen = new Map<AccountName, number>();

  return {
    async pulse(account: AccountName): Promise<void> {
      const before = seen.get(account);
      const holds = await keeper.holds(account);
      const stored = await sessions.generation(account);
      const isFed = !holds || keeper.hasBegun(account, stored);
      if (stored !== before || !isFed) {
        const session = await sessions.live(account, now());
        // Somebody else who looked at the same time was quicker, and may have found a newer one: the next look tells.
        if (seen.get(account) !== before) return;
        const generation = session?.generation ?? stored;
        if (session !== null && before !== undefined && generation !== before)
          log({ event: 'session.taken_over', account, generation });
        seen.set(account, generation);
        if (holds && !keeper.hasBegun(account, generation)) keeper.begin(account, generation, session);
      }
      if (holds) await keeper.announce(account);
    },
  };
}
