import { isOpenAlgo } from '../../domain/accounts/known-systems.ts';
import { COOKIES } from '../../domain/accounts/permission-names.ts';
import type { Account } from '../../domain/accounts/settings.ts';
import { grantedHosts } from '../../platform/runtime/permissions.ts';
import { containerInFront } from '../../platform/toolbar/containers.ts';
import { readAll, writeAccount } from '../store/store.ts';

/**
 * The container that a login opens in: a person's in that of the tab in front, else in that of the account's last login;
 * null where it opens in none. Firefox lets nobody open a tab in one without the permission for cookies.
 */
export async function containerFor(account: Account, by: 'person' | 'itself'): Promise<string | null> {
  if (!(await grantedHosts()).has(COOKIES)) return null;
  const { destinations, logins, outcomes } = await readAll();
  // Its callback takes the token in the tab of the login, and needs the cookies of the person's login there.
  if (destinations.some((one) => one.account === account.id && isOpenAlgo(one))) return null;
  const front = by === 'person' ? await containerInFront() : null;
  // The tab of a login stands in front because we opened it, and it may be another person's.
  const isOfLogin = [...logins, ...outcomes].some(({ tab }) => tab === front?.tab);
  return (isOfLogin ? null : front?.container) ?? account.container ?? null;
}

/** Opens a tab in a container, or in none where that container is gone; gives the tab, and the container that it is in. */
export async function openContained(
  openIn: (url: string, container: string | null) => Promise<number>,
  url: string,
  container: string | null,
): Promise<{ tab: number; container: string | null }> {
  if (container !== null)
    try {
      return { tab: await openIn(url, container), container };
    } catch {
      // The person removed it, and whatever was logged in there is gone with it.
    }
  return { tab: await openIn(url, null), container: null };
}

/** Remembers the container of an account's login; under the lock. */
export async function rememberContainer(account: Account, container: string | null): Promise<void> {
  if ((account.container ?? null) === container) return;
  const known = (await readAll()).accounts.find(({ id }) => id === account.id);
  if (known) await writeAccount({ ...known, container: container ?? undefined });
}
