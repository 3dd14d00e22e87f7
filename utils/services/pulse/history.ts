import { type History, remember } from '../../domain/history/history.ts';
import { factsOf, type SessionFacts } from '../../domain/session/facts.ts';
import type { Overview } from '../../domain/view/overview.ts';
import { routeOf } from '../../domain/view/routes.ts';
import { readHistory, writeHistory } from '../store/clock-store.ts';
import { log } from '../store/log.ts';

/** Takes what is known now into every account's history; under the lock. */
export async function keepHistory({ accounts, at }: Overview, facts: ReadonlyMap<string, SessionFacts>): Promise<void> {
  for (const account of accounts) {
    const { id } = account.settings;
    const known = await readHistory(id);
    const kept = remember(known, { ...account, login: factsOf(facts, routeOf(account)).login }, at);
    if (kept === known) continue;
    await writeHistory(kept);
    const keys = new Set(known.entries.map(({ key }) => key));
    for (const { key, kind } of kept.entries) if (!keys.has(key)) log({ event: 'history', account: id, kind });
  }
}

/** The history of every account that is shown. */
export function readHistories(accounts: readonly string[]): Promise<History[]> {
  return Promise.all(accounts.map(readHistory));
}
