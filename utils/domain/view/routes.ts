import type { Route } from '../accounts/destinations.ts';
import type { Account, Destination } from '../accounts/settings.ts';

/** The route that is shown. */
export function routeOf(shown: { settings: Account; destination: { settings: Destination } | null }): Route {
  return { account: shown.settings, destination: shown.destination?.settings ?? null };
}

/** Every route of an account: to its own destination first. */
export function routesShown<T>(account: T & { further: T[] }): T[] {
  return [account, ...account.further];
}
