import type { FeedState } from '../../../utils/shared/contract.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import type { AccountName } from '../config/account-name.ts';
import type { Log } from '../log/log.ts';
import type { Session } from '../store/tables/sessions.ts';
import { createQuiet } from './quiet.ts';
import type { Price } from './tick.ts';

const BACKOFF_MS = [1, 2, 4, 8, 16, 30].map((seconds) => seconds * SECOND);
// A refused token stays refused; asking on would look like an attack to the broker.
const MAX_REFUSALS = 5;
const WATCH_MS = SECOND;

/** What one connection tells. `down` ends it. */
export interface FeedEvents {
  subscribed(): void;
  /** `prices`: those of the symbols that moved, as far as the broker's message can be read. */
  ticked(prices: readonly Price[]): void;
  down(reason: 'refused' | 'lost', problem: string): void;
}

/** Makes one connection with a session's token, and returns the way to end it. */
export type Connect = (session: Session, events: FeedEvents) => () => void;

export interface Feed {
  /** Drops the connection of an older session and connects with this one's token. */
  start(session: Session): void;
  stop(): void;
  state(): FeedState;
}

/** Whether a session's app may have market data at all; null where that cannot be told now. */
export type AskEntitled = (session: Session) => Promise<boolean | null>;

export interface FeedOptions {
  account: AccountName;
  source: string;
  connect: Connect;
  /** Asked after a refusal, which may mean the token or the app. */
  isEntitled?: AskEntitled;
  /** Takes the prices of each tick. */
  priced(prices: readonly Price[]): void;
  log: Log;
  now(): number;
}

type Status = Omit<FeedState, 'source'>;

/** One market feed: reconnects with its own backoff, and reports the first and last tick of the present session. */
export function createFeed({ account, source, connect, isEntitled, priced, log, now }: FeedOptions): Feed {
  let status: Status = { state: 'off', first_tick_at: null, last_tick_at: null };
  let end = () => {};

  function run(session: Session, signal: AbortSignal): void {
    let refusals = 0;
    let failures = 0;
    let timer: NodeJS.Timeout;
    let close = () => {};
    let missed = () => {};
    let isGivenUp = false;
    const quiet = createQuiet();
    const watch = setInterval(() => {
      if (status.state !== 'subscribed' && status.state !== 'live') return quiet.broken();
      if (quiet.noticesGap(now())) missed();
    }, WATCH_MS);
    const stop = () => {
      clearTimeout(timer);
      clearInterval(watch);
      close();
    };
    signal.addEventListener('abort', stop, { once: true });

    const attempt = () => {
      let isOver = false;
      const events: FeedEvents = {
        subscribed() {
          refusals = failures = 0;
          status = { ...status, state: 'subscribed', problem: quiet.problem() };
          log({ event: 'feed.subscribed', account });
        },
        ticked(prices) {
          quiet.ticked(now());
          const at = new Date(now()).toISOString();
          if (status.state !== 'live') log({ event: 'feed.live', account });
          status = { state: 'live', first_tick_at: status.first_tick_at ?? at, last_tick_at: at, problem: null };
          priced(prices);
        },
        down(reason, problem) {
          isOver = true;
          close();
          retry(reason, problem);
        },
      };
      // A connection may speak once more after it was ended.
      const isSilenced = () => isOver || isGivenUp || signal.aborted;
      missed = () => {
        if (isSilenced()) return;
        log({ event: 'feed.gap', account });
        events.down('lost', quiet.problem() ?? '');
      };
      close = connect(session, {
        subscribed: () => isSilenced() || events.subscribed(),
        ticked: (prices) => isSilenced() || events.ticked(prices),
        down: (reason, problem) => isSilenced() || events.down(reason, problem),
      });
    };

    const retry = (reason: 'refused' | 'lost', problem: string) => {
      failures += 1;
      refusals = reason === 'refused' ? refusals + 1 : 0;
      status = { ...status, state: reason === 'refused' ? 'refused' : 'connecting', problem };
      log({ event: 'feed.down', account, reason, failures });
      if (refusals === 1) void learnEntitled();
      if (refusals >= MAX_REFUSALS) return log({ event: 'feed.stopped', account, reason: 'refusals' });
      timer = setTimeout(
        () => (now() < session.expiresAt ? attempt() : expire()),
        BACKOFF_MS[failures - 1] ?? 30 * SECOND,
      );
    };

    /** A free app's session lives and verifies, and no login changes what its feed is refused for. */
    const learnEntitled = async () => {
      const entitled = await isEntitled?.(session).catch(() => null);
      if (entitled !== false || signal.aborted) return;
      isGivenUp = true;
      stop();
      status = { ...status, state: 'no_market_data', problem: 'this app of the broker has no market data' };
      log({ event: 'feed.stopped', account, reason: 'no_market_data' });
    };

    const expire = () => {
      status = { ...status, state: 'off', problem: 'the session has expired' };
      log({ event: 'feed.stopped', account, reason: 'expired' });
    };

    attempt();
  }

  return {
    start(session) {
      end();
      const controller = new AbortController();
      end = () => controller.abort();
      status = { state: 'connecting', first_tick_at: null, last_tick_at: null };
      run(session, controller.signal);
    },
    stop() {
      end();
      status = { ...status, state: 'off' };
    },
    state: () => ({ ...status, source }),
  };
}
