import type { Account, Config } from '../config/config.ts';
import type { Connect } from '../feed/feed.ts';
import type { BrokerClient } from './client.ts';

/** What this backend knows of one broker, in one file. */
export interface BrokerBackend {
  client(account: Account): BrokerClient;
  /** Its price feed; null: sessions are verified, and nothing is streamed. */
  feed: { source: string; connect(account: Account, config: Pick<Config, 'breezeStreams'>): Connect } | null;
}
