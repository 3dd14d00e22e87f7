import type { AccountView } from './overview.ts';

/** What an account is called where it stands among others. */
export function titleOf({ brokerName, name }: Pick<AccountView, 'brokerName' | 'name'>): string {
  return `${brokerName} ${name}`;
}
