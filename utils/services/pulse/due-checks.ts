import { type Destination, isCheckable } from '../../domain/accounts/settings.ts';
import { askNow, noFacts } from '../../domain/session/facts.ts';
import { locked } from '../../platform/storage/lock.ts';
import { readAll, type Stored, writeFacts } from '../store/store.ts';

type Account = Stored['accounts'][number];

/** Makes the next check of the accounts that are meant due now. `toldAt`: when anything was last heard of one, epoch ms. */
export async function makeChecksDue(
  now: number,
  isMeant: (account: Account, toldAt: number) => boolean,
  isAsked: (destination: Destination) => boolean = isCheckable,
): Promise<void> {
  await locked(async () => {
    const { accounts, destinations, facts } = await readAll();
    for (const account of accounts) {
      if (!destinations.some((one) => one.account === account.id && isCheckable(one) && isAsked(one))) continue;
      const known = facts.get(account.id) ?? noFacts(account.id);
      const toldAt = Math.max(known.provenAt ?? 0, known.checkTrouble?.at ?? 0);
      if (isMeant(account, toldAt)) await writeFacts(askNow(known, now));
    }
  });
}

/** The same for one account and its further destinations. */
export function makeAccountDue(account: string, now: number): Promise<void> {
  return makeChecksDue(now, ({ id, copyOf }) => id === account || copyOf === account);
}
