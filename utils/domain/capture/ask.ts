import { brokers } from '../../shared/brokers/index.ts';
import type { Account, Destination } from '../accounts/settings.ts';
import { keyOf, say } from '../base/words.ts';
import type { Ask } from './capture.ts';

/** A question to the person: which account, what was seen, what a yes does. */
export interface AskView {
  id: string;
  says: string;
  yes: string;
  at: number;
  expiresAt: number;
}

/** The words of an ask. Nothing of the token is in them. */
export function viewAsk({ id, why, place, at, expiresAt }: Ask, account: Account, to: Destination | null): AskView {
  const key = keyOf(why);
  const seen = say(`ask_${key}`, brokers[account.broker].name, account.name, place ?? '', account.redirectUrl);
  const says = account.mode === 'observe' || !to ? seen : `${seen} ${say('ask_goes', new URL(to.url).host)}`;
  return { id, at, expiresAt, says, yes: say(`ask_${key}_yes`) };
}
