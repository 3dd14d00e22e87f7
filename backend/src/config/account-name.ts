import { BROKER_IDS } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { z } from '../../../utils/shared/schema.ts';

/** `zerodha` is the first account of that broker, `zerodha-spouse` a further one: a name alone tells the broker. */
export type AccountName = BrokerId | `${BrokerId}-${string}`;

/** What tells a further account from the first: short, since it stands in names of files, variables and metrics. */
export const LABEL = /^[a-z][a-z0-9]{0,19}$/;

export const AccountName = z.custom<AccountName>((text) => {
  const [broker, label, ...more] = typeof text === 'string' ? text.split('-') : [];
  const isBroker = BROKER_IDS.some((id) => id === broker);
  return isBroker && (label === undefined || (LABEL.test(label) && more.length === 0));
});

export function brokerOf(account: AccountName): BrokerId {
  const [broker = account] = account.split('-');
  return broker as BrokerId;
}

/** The first account of a broker among those that are set up. */
export function firstOf(broker: BrokerId, names: readonly AccountName[]): AccountName | undefined {
  return names.find((name) => brokerOf(name) === broker);
}

/** What stands behind the broker's id; null for the first account. */
export function labelOf(account: AccountName): string | null {
  return account.split('-')[1] ?? null;
}
