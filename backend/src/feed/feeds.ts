import type { BrokerId } from '../../../utils/shared/contract.ts';
import type { Clients } from '../brokers/clients.ts';
import { isPermission, verdictOf } from '../brokers/verdict.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { breezeFeed } from './breeze-feed.ts';
import { type AskEntitled, createFeed, type Feed } from './feed.ts';
import { kiteFeed } from './kite-feed.ts';

/** The feed of each broker, null where it is not set up. */
export type Feeds = Record<BrokerId, Feed | null>;

/** The feed of each account, in a process that has feeds; none connects before it gets a session. */
export function createFeeds(
  { accounts, breezeStreams, role, feed }: Config,
  clients: Clients,
  log: Log,
  now: () => number,
): Feeds {
  const feeds: Feeds = { zerodha: null, icici: null };
  if (role === 'api' || feed === 'off') return feeds;
  for (const { name, apiKey } of accounts)
    feeds[name] =
      name === 'zerodha'
        ? createFeed({
            account: name,
            source: 'Kite ticker',
            connect: kiteFeed(apiKey),
            isEntitled: kiteEntitled(clients, now),
            log,
            now,
          })
        : createFeed({ account: name, source: 'Breeze stream', connect: breezeFeed(breezeStreams), log, now });
  return feeds;
}

// 2026-11: of a free *Personal* app the ticker is refused as for a dead token; a quote says which of the two it is.
function kiteEntitled(clients: Clients, now: () => number): AskEntitled {
  return async ({ accessToken }) => {
    const reply = await clients.zerodha?.open(accessToken).quote(['NSE:NIFTY 50']);
    if (reply === undefined) return null;
    if (reply.ok) return true;
    return isPermission(reply.body) && verdictOf('zerodha', reply, now()) === 'nothing' ? false : null;
  };
}
