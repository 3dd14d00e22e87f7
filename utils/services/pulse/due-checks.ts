import { type Route, routesOf } from '../../domain/accounts/destinations.ts';
import { type Destination, isCheckable } from '../../domain/accounts/settings.ts';
import { askNow, factsOf } from '../../domain/session/facts.ts';
import { locked } from '../../platform/storage/lock.ts';
import { readAll, writeFacts } from '../store/store.ts';

/** Makes the next check of the routes that are meant due now. `toldAt`: when anything was last heard of one, epoch ms. */
export async function makeChecksDue(
  now: number,
  isMeant: (route: Route, toldAt: number) => boolean,
  isAsked: (destination: Destination) => boolean = isCheckable,
): Promise<void> {
  await locked(async () => {
    const stored = await readAll();
    for (const route of routesOf(stored)) {
      const { destination } = route;
      if (!destination || !isCheckable(destination) || !isAsked(destination)) continue;
      const known = factsOf(stored.facts, route);
      const toldAt = Math.max(known.provenAt ?? 0, known.checkTrouble?.at ?? 0);
      if (isMeant(route, toldAt)) await writeFacts(askNow(known, now));
    }
  });
}

/** The same for all destinations of one account. */
export function makeAccountDue(id: string, now: number): Promise<void> {
  return makeChecksDue(now, ({ account }) => account.id === id);
}
