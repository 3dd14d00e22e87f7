import { brokers } from '../../shared/brokers/index.ts';
import { say } from '../base/words.ts';
import type { Account } from './settings.ts';

/*
 * A further destination of an account is stored as an account of its own that captures nothing (`copyOf`): so it has its
 * own delivery, proof, state and trouble by the same rules, and one that fails holds up no other.
 */

/** The accounts that logins belong to, without the further destinations. */
export function withoutCopies(accounts: readonly Account[]): Account[] {
  return accounts.filter(({ copyOf }) => copyOf === undefined);
}

/** The further destinations of an account. */
export function copiesOf(accounts: readonly Account[], id: string): Account[] {
  return accounts.filter(({ copyOf }) => copyOf === id);
}

/** Why an account's token goes to one destination only, or null where it may go to several. */
export function whyOneDestination({ broker, mode }: Pick<Account, 'broker' | 'mode'>): string | null {
  const { name, token } = brokers[broker];
  if (token.kind === 'one-time') return say('further_one_time', name);
  return mode === 'observe' ? say('further_observed') : null;
}
