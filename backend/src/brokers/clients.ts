import type { Account } from '../config/account.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import type { Log } from '../log/log.ts';
import type { BrokerClient } from './client.ts';
import { backends } from './list.ts';
import { watchedClient } from './watched-client.ts';

/** The client of each broker; none where it is not set up. */
export type Clients = Partial<Record<AccountName, BrokerClient | null>>;

/** The client of each account, every call of which is logged. */
export function createClients(accounts: readonly Account[], log: Log, now: () => number): Clients {
  const clients: Clients = {};
  for (const account of accounts)
    clients[account.name] = watchedClient(backends[brokerOf(account.name)].client(account), {
      account: account.name,
      log,
      now,
    });
  return clients;
}
