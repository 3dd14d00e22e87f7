import { brokers } from '../../shared/brokers/index.ts';
import { say } from '../base/words.ts';
import type { Account, Destination } from './settings.ts';

/** An account with one of its destinations, or with none where it has none yet. */
export interface Route {
  account: Account;
  destination: Destination | null;
}

interface Settings {
  accounts: readonly Account[];
  destinations: readonly Destination[];
}

/** The destinations of an account: its own first, then the further ones in the order in which they were added. */
export function destinationsOf(all: readonly Destination[], account: string): Destination[] {
  const isFurther = ({ further }: Destination) => Number(further === true);
  return all
    .filter((one) => one.account === account)
    .sort((a, b) => isFurther(a) - isFurther(b) || a.createdAt - b.createdAt);
}

/** The destination that an account was set up with, or null. Its record may be damaged while further ones are whole. */
export function ownDestination(all: readonly Destination[], account: string): Destination | null {
  return all.find((one) => one.account === account && !one.further) ?? null;
}

/** The further destinations of an account. */
export function furtherOf(all: readonly Destination[], account: string): Destination[] {
  return destinationsOf(all, account).filter(({ further }) => further);
}

/** The destination of an account with this id, its own where no id is given, or null. */
export function findDestination(all: readonly Destination[], account: string, id?: string): Destination | null {
  if (id === undefined) return ownDestination(all, account);
  return all.find((one) => one.account === account && one.id === id) ?? null;
}

/** The first route of an account: to its own destination, or to none. */
export function ownRoute({ destinations }: Pick<Settings, 'destinations'>, account: Account): Route {
  return { account, destination: ownDestination(destinations, account.id) };
}

/** Every route of every account, the first one first; an account without a destination of its own has that one too. */
export function routesOf(settings: Settings): Route[] {
  return settings.accounts.flatMap((account) => [
    ownRoute(settings, account),
    ...furtherOf(settings.destinations, account.id).map((destination) => ({ account, destination })),
  ]);
}

/** The id under which the facts of a route stand: its destination's, or the account's where there is none. */
export function factsIdOf({ account, destination }: Route): string {
  return destination?.id ?? account.id;
}

/** Why an account's token goes to one destination only, or null where it may go to several. */
export function whyOneDestination({ broker, mode }: Pick<Account, 'broker' | 'mode'>): string | null {
  const { name, token } = brokers[broker];
  if (token.kind === 'one-time') return say('further_one_time', name);
  return mode === 'observe' ? say('further_observed') : null;
}
