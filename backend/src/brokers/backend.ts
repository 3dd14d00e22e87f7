import type { Account } from '../config/account.ts';
import type { Config } from '../config/config.ts';
import type { AskEntitled, Connect } from '../feed/feed.ts';
import type { BrokerClient } from './client.ts';

/** What this backend knows of one broker, in one file. */
export interface BrokerBackend {
  client(account: Account): BrokerClient;
  /** Its price feed; null: sessions are verified, and nothing is streamed. */
  feed: {
    source: string;
    connect(account: Account, config: Pick<Config, 'breezeStreams'>): Connect;
    /** Where a refused feed may mean that the app has no market data: the way to find out. */
    isEntitled?(client: BrokerClient, now: () => number): AskEntitled;
  } | null;
}
