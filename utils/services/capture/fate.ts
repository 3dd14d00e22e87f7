import { type Fate, fateOf } from '../../domain/capture/outcome.ts';
import { locked } from '../../platform/storage/lock.ts';
import { pulse } from '../pulse/pulse.ts';
import { log } from '../store/log.ts';
import { readAll, writeOutcome } from '../store/store.ts';
import { note } from './capture.ts';

/** What became of the redirect whose place our page took in a tab; one that was lost is said in the popup too. */
export async function tellFate(tab: number | null, since: number): Promise<Fate> {
  if (tab === null) return { is: 'nothing' };
  const fate = fateOf(tab, since, await readAll(), Date.now());
  if (fate.is === 'lost') await sayLost(tab, fate.account);
  return fate;
}

/** Says once that a login was lost: on the page in its tab, and in the popup. */
export async function sayLost(tab: number, id: string): Promise<void> {
  const isNew = await locked(async () => {
    const stored = await readAll();
    const account = stored.accounts.find((one) => one.id === id);
    if (!account || stored.outcomes.some((one) => one.tab === tab)) return false;
    await note(account, 'lost', null);
    await writeOutcome({ tab, account: id, what: 'lost', at: Date.now() });
    log({ event: 'redirect', account: id, via: 'redirect', verdict: 'lost', sealed: account.mode === 'seal' });
    return true;
  });
  if (isNew) await pulse();
}
