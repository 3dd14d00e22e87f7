import { brokers } from '../../../utils/shared/brokers/index.ts';
import type { Account } from '../config/account.ts';
import { brokerOf } from '../config/account-name.ts';
import type { Config } from '../config/config.ts';
import { brokerLogin } from '../console/links.ts';

/** How a message calls the account: by its broker, and by its own name where that is another. */
export function titleOf(account: Pick<Account, 'name'>): string {
  const id = brokerOf(account.name);
  const { name } = brokers[id];
  return account.name === id ? name : `${name} (${account.name})`;
}

/** Where a person logs in: the backend's own page under its public name, else the broker's. */
export function loginLink({ publicUrl, port }: Pick<Config, 'publicUrl' | 'port'>, account: Account): string {
  if (publicUrl === null) return brokerLogin(account, publicUrl, port);
  return publicUrl.replace(/session$/, `admin/login?login=${encodeURIComponent(account.name)}`);
}
