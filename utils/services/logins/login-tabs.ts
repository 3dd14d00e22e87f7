import { ownDestination } from '../../domain/accounts/destinations.ts';
import { ATTEMPT_MS } from '../../domain/reminders/renewal.ts';
import { closeTab } from '../../platform/toolbar/tabs.ts';
import { SECOND } from '../../shared/time.ts';
import { readAll } from '../store/store.ts';

// Long enough to read that the login was captured.
const SHOWN_MS = 1.5 * SECOND;

interface LoginTab {
  account: string;
  by: 'person' | 'itself';
  openedAt: number;
}

/** The tabs in which a login was opened and the broker has shown no page yet. A background that dies forgets them, and a tab stays. */
const silent = new Map<number, LoginTab>();

/** A login was opened in a tab; one that was opened by itself may not stay there. */
export function loginOpened(tab: number, account: string, by: LoginTab['by']): void {
  silent.set(tab, { account, by, openedAt: Date.now() });
  if (by === 'itself') setTimeout(() => void (silent.delete(tab) && closeTab(tab)), ATTEMPT_MS);
}

/** The broker shows a page: a person goes on there; nobody asked for a tab that was opened by itself. */
export function brokerPageShown(tab: number): void {
  const login = silent.get(tab);
  if (login && silent.delete(tab) && login.by === 'itself') void closeTab(tab);
}

/** Our page took the redirect's place: where the broker had shown none, the login went by itself, and its tab closes. */
export async function redirectSealed(tab: number | null): Promise<void> {
  const login = tab === null ? undefined : silent.get(tab);
  if (tab === null || !login) return;
  silent.delete(tab);
  const { deliveries, destinations, facts } = await readAll();
  const own = ownDestination(destinations, login.account);
  const last = facts.get(own?.id ?? login.account)?.login;
  const captures = deliveries.filter(({ account }) => account === login.account).map(({ capturedAt }) => capturedAt);
  const isCaptured = [...captures, last?.capturedAt ?? 0].some((at) => at >= login.openedAt);
  if (isCaptured) setTimeout(() => void closeTab(tab), SHOWN_MS);
}
