import { COOKIES, HAS_CONTAINERS } from '../accounts/permission-names.ts';
import type { Account } from '../accounts/settings.ts';

/** How a container of the browser may keep an account's login apart from another person's at the same broker. */
export interface ContainerView {
  /** Whether the browser lets us open a tab in one. */
  isAllowed: boolean;
  /** Whether the last login opened in one. */
  isUsed: boolean;
}

/** Null where the browser has no containers. */
export function viewContainer({ container }: Account, granted: ReadonlySet<string>): ContainerView | null {
  if (!granted.has(HAS_CONTAINERS)) return null;
  return { isAllowed: granted.has(COOKIES), isUsed: container !== undefined };
}

/** Whether other accounts of the same broker may be other people's. */
export function hasNeighbours({ id, broker }: Account, accounts: readonly Account[]): boolean {
  return accounts.some((one) => one.broker === broker && one.id !== id);
}
