import type { Clients } from '../brokers/clients.ts';
import { backends } from '../brokers/list.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import { createFeed, type Feed } from './feed.ts';
import type { Ticks } from './ticks.ts';

/** The feed of each broker; none where it is not set up, or streams nothing here. */
export type Feeds = Partial<Record<AccountName, Feed | null>>;

/** The feed of each account, in a process that has feeds; none connects before it gets a session. */
export function createFeeds(
  config: Config,
  clients: Clients,
  ticks: Pick<Ticks, 'put'>,
  log: Log,
  now: () => number,
): Feeds {
  const feeds: Feeds = {};
  if (config.role === 'api' || config.feed === 'off') return feeds;
  for (const account of config.accounts) {
    const { feed } = backends[brokerOf(account.name)];
    if (feed === null) continue;
    const { source, isEntitled } = feed;
    const client = clients[account.name];
    feeds[account.name] = createFeed({
      account: account.name,
      source,
      connect: feed.connect(account, config),
      ...(isEntitled && client ? { isEntitled: isEntitled(client, now) } : {}),
      priced: (prices) => ticks.put(account.name, prices),
      log,
      now,
    });
  }
  return feeds;
}
