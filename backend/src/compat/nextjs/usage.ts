import type { BrokerClient } from '../../brokers/client.ts';
import type { Clients } from '../../brokers/clients.ts';
import type { AccountName } from '../../config/account-name.ts';

/** A part of this backend that used a session, and when it last did. */
export interface Usage {
  service: Service;
  account: AccountName;
  calls: number;
  last_used_at: string;
}

export type Service = 'queue' | 'session check' | 'operations' | 'live price' | 'refresh' | 'your own code';

export type UsageBook = ReturnType<typeof createUsage>;

/** Which services use the sessions of this process. */
export function createUsage(now: () => number) {
  const used = new Map<string, Usage>();

  function note(service: Service, account: AccountName): void {
    const key = `${service} ${account}`;
    const calls = (used.get(key)?.calls ?? 0) + 1;
    used.set(key, { service, account, calls, last_used_at: new Date(now()).toISOString() });
  }

  const watched = (client: BrokerClient | null, service: Service, account: AccountName): BrokerClient | null =>
    client === null
      ? null
      : {
          ...client,
          open(...given) {
            note(service, account);
            return client.open(...given);
          },
        };

  return {
    note,
    /** The same clients; every session that is opened through them counts for the service. */
    watch: (service: Service, clients: Clients): Clients =>
      Object.fromEntries(
        Object.entries(clients).map(([account, client]) => [
          account,
          watched(client ?? null, service, account as AccountName),
        ]),
      ),
    list: (): Usage[] => [...used.values()],
  };
}
