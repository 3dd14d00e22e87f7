import type { BrokerId } from '../../../utils/shared/contract.ts';
import type { Account } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import type { BrokerClient } from './client.ts';
import { iciciClient } from './icici.ts';
import { watchedClient } from './watched-client.ts';
import { zerodhaClient } from './zerodha.ts';

/** The client of each broker, null where it is not set up. */
export type Clients = Record<BrokerId, BrokerClient | null>;

const MAKE = { zerodha: zerodhaClient, icici: iciciClient };

/** The client of each account, every call of which is logged. */
export function createClients(accounts: readonly Account[], log: Log, now: () => number): Clients {
  const clients: Clients = { zerodha: null, icici: null };
  for (const account of accounts)
    clients[account.name] = watchedClient(MAKE[account.name](account), { account: account.name, log, now });
  return clients;
}
