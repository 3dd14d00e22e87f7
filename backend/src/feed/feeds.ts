import type { BrokerId } from '../../../utils/shared/contract.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { breezeFeed } from './breeze-feed.ts';
import { createFeed, type Feed } from './feed.ts';
import { kiteFeed } from './kite-feed.ts';

/** The feed of each broker, null where it is not set up. */
export type Feeds = Record<BrokerId, Feed | null>;

/** The feed of each account, in a process that has feeds; none connects before it gets a session. */
export function createFeeds({ accounts, breezeStreams, role }: Config, log: Log, now: () => number): Feeds {
  const feeds: Feeds = { zerodha: null, icici: null };
  if (role === 'api') return feeds;
  for (const { name, apiKey } of accounts)
    feeds[name] =
      name === 'zerodha'
        ? createFeed({ account: name, source: 'Kite ticker', connect: kiteFeed(apiKey), log, now })
        : createFeed({ account: name, source: 'Breeze stream', connect: breezeFeed(breezeStreams), log, now });
  return feeds;
}
