import type { createAccess } from './access/access.ts';
import type { Clients } from './brokers/clients.ts';
import type { UsageBook } from './compat/nextjs/usage.ts';
import type { AccountName } from './config/account-name.ts';
import type { Config } from './config/config.ts';
import type { FeedKeeper } from './feed/keeper.ts';
import type { Ticks } from './feed/ticks.ts';
import type { Log } from './log/log.ts';
import type { Operation } from './queue/operation.ts';
import type { Enter } from './session/entry.ts';
import type { Store } from './store/store.ts';

/** What the older systems' endpoints and the page are made of. */
export interface Parts {
  config: Config;
  store: Store;
  clients: Clients;
  keeper: FeedKeeper;
  ticks: Ticks;
  usage: UsageBook;
  access: ReturnType<typeof createAccess>;
  operations: readonly Operation[];
  /** Takes a token that a person typed, or that the broker's redirect brought. */
  enter: Enter;
  /** The broker's login page, for a person to open. */
  loginUrl(account: AccountName): string;
  log: Log;
  now(): number;
}
