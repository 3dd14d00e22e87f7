import { type Fate, fateOf } from '../../domain/capture/outcome.ts';
import { locked } from '../../platform/storage/lock.ts';
import { pulse } from '../pulse/pulse.ts';
import { log } from '../store/log.ts';
import { readAll, writeOutcome } from '../store/store.ts';
import { note } from './capture.ts';

/** What became of the redirect whose place our page took in a tab; one that was lost is said in the popup too. */
export async function tellFate(tab: number | null, since: number): Promise<Fate> {
  if (tab === null) return { is: 'nothing' };
  const now = Date.now();
  const told = await locked(async () => {
    const stored = await readAll();
    const fate = fateOf(tab, since, stored, now);
    const isNew = fate.is === 'lost' && !stored.outcomes.some((one) => one.tab === tab);
    const account = isNew ? stored.accounts.find(({ id }) => id === fate.account) : undefined;
    if (!account) return { fate, isLost: false };
    await note(stored, account, 'lost', null);
    await writeOutcome({ tab, account: account.id, what: 'lost', at: now });
    log({ event: 'redirect', account: account.id, via: 'redirect', verdict: 'lost', sealed: true });
    return { fate, isLost: true };
  });
  if (told.isLost) await pulse();
  return told.fate;
}
