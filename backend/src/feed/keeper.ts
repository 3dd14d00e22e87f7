import type { FeedState } from '../../../utils/shared/contract.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import type { AccountName } from '../config/account-name.ts';
import type { FeedSeats } from '../store/tables/feed-seats.ts';
import type { Session, Sessions } from '../store/tables/sessions.ts';
import type { Feeds } from './feeds.ts';

/** A last tick is news that others can wait for. */
const TICKS_EVERY_MS = 5 * SECOND;

/** How the feed of an account is, and which process has it. */
export interface KnownFeed {
  state: FeedState;
  heldBy: { pid: number; isThis: boolean } | null;
}

export type FeedKeeper = ReturnType<typeof createFeedKeeper>;

/** One feed an account among all processes: who has it runs it and tells of it, the others stand by and read that. */
export function createFeedKeeper(from: { seats: FeedSeats; feeds: Feeds; sessions: Sessions; now(): number }) {
  const { seats, feeds, sessions, now } = from;
  /** The session of each feed that this process has. */
  const begun = new Map<AccountName, number>();
  const told = new Map<AccountName, { words: string; at: number }>();

  /** True where this process has the feed. One that was taken over meanwhile is ended. */
  async function holds(account: AccountName): Promise<boolean> {
    const own = feeds[account];
    if (!own) return false;
    if (await seats.take(account, now())) return true;
    if (begun.delete(account)) own.stop();
    told.delete(account);
    return false;
  }

  /** Tells the others how the feed is, whenever that has changed. */
  async function announce(account: AccountName): Promise<void> {
    const state = feeds[account]?.state();
    const generation = begun.get(account);
    if (state === undefined || generation === undefined) return;
    const words = JSON.stringify([generation, { ...state, last_tick_at: null }]);
    const last = told.get(account);
    const isOld = last === undefined || Math.abs(now() - last.at) >= TICKS_EVERY_MS;
    if (last?.words === words && !isOld) return;
    told.set(account, { words, at: now() });
    await seats.tell(account, generation, state);
  }

  /** Null: nobody has it, or ever told of it. */
  async function read(account: AccountName): Promise<KnownFeed | null> {
    const own = feeds[account] ?? null;
    if (own !== null && begun.has(account)) return { state: own.state(), heldBy: { pid: process.pid, isThis: true } };
    const found = await seats.told(account, now());
    if (found === null) return own === null ? null : { state: own.state(), heldBy: null };
    const { state, generation, pid, isOurs } = found;
    if (pid === null) return { state: connecting(state, 'the process that had the feed has ended'), heldBy: null };
    // What was told of an older session says nothing of this one.
    const isOfThis = generation === (await sessions.generation(account));
    return { state: isOfThis ? state : connecting(state, null), heldBy: { pid, isThis: isOurs } };
  }

  return {
    holds,
    announce,
    read,
    /** Whether the feed of this process runs with that session. */
    hasBegun: (account: AccountName, generation: number): boolean => begun.get(account) === generation,
    /** Begins with a session, or only notes that there is none to begin with. */
    begin(account: AccountName, generation: number, session: Session | null): void {
      begun.set(account, generation);
      if (session !== null) feeds[account]?.start(session);
    },
    /** Ends every feed of this process, and lets a standby have them. */
    async stop(): Promise<void> {
      for (const feed of Object.values(feeds)) feed?.stop();
      begun.clear();
      await seats.leave();
    },
  };
}

function connecting({ source }: FeedState, problem: string | null): FeedState {
  return { state: 'connecting', first_tick_at: null, last_tick_at: null, source, problem };
}
