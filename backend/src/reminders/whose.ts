import { brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import type { Account, Config } from '../config/config.ts';

/** The broker of an account. */
export function brokerIdOf({ name }: Pick<Account, 'name'>): BrokerId {
  return name;
}

/** How a message calls the account: by its broker, and by its own name where that is another. */
export function titleOf(account: Pick<Account, 'name'>): string {
  const id = brokerIdOf(account);
  const { name } = brokers[id];
  return account.name === id ? name : `${name} (${account.name})`;
}

/** Where a person logs in: the backend's own page under its public name, else the broker's. */
export function loginLink({ publicUrl }: Pick<Config, 'publicUrl'>, account: Account): string {
  if (publicUrl === null) return brokers[brokerIdOf(account)].loginUrl({ ...account, state: null });
  return publicUrl.replace(/session$/, `admin/login?login=${encodeURIComponent(account.name)}`);
}
