import type { Route } from '../accounts/destinations.ts';
import type { AccountView, RouteView } from './overview.ts';

/** The route that is shown. */
export function routeOf({ settings, destination }: RouteView): Route {
  return { account: settings, destination: destination?.settings ?? null };
}

/** Every route of an account: to its own destination first. */
export function routesShown(account: AccountView): RouteView[] {
  return [account, ...account.further];
}
