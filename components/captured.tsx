import './theme.css';
import './options.css';
import type { AccountView, Overview } from '../utils/domain/overview.ts';
import { SECOND } from '../utils/domain/time.ts';
import { AccountCard } from './account-card.tsx';
import type { Actions } from './actions.ts';

/** A capture takes milliseconds; a page that still has none after this will not get one. */
const PATIENCE_MS = 2 * SECOND;
const JUST_NOW_MS = 10 * SECOND;

/** Stands where a sealed redirect would have loaded: the login's way so far, or what to do when there is none. */
export function Captured({
  overview,
  openedAt,
  now,
  actions,
}: {
  overview: Overview | null;
  openedAt: number;
  now: number;
  actions: Actions;
}) {
  const account = overview && newest(overview, openedAt);
  return (
    <main class="page">
      <h1>
        {account?.ask
          ? 'Is this your login?'
          : account
            ? 'Login captured'
            : now - openedAt < PATIENCE_MS
              ? 'One moment…'
              : 'No login was captured'}
      </h1>
      {account ? (
        <>
          <AccountCard account={account} now={now} actions={actions} first />
          <p class="soft">
            The redirect was not opened.{' '}
            {isDelivered(account) ? 'The token went to your backend only. You can close this tab.' : null}
          </p>
        </>
      ) : now - openedAt >= PATIENCE_MS ? (
        <p>The broker sent a login here that could not be taken. Open Opening Bell in the toolbar and log in again.</p>
      ) : null}
    </main>
  );
}

/** The account whose login, or question, brought this page here; an older one has nothing to do with it. */
function newest({ accounts }: Overview, openedAt: number): AccountView | null {
  const recent = accounts.filter((account) => lastSeen(account) > openedAt - JUST_NOW_MS);
  return recent.sort((a, b) => lastSeen(b) - lastSeen(a))[0] ?? null;
}

function lastSeen({ links, ask }: AccountView): number {
  return Math.max(links?.[0]?.at ?? 0, ask?.at ?? 0);
}

function isDelivered({ links }: AccountView): boolean {
  return links?.find(({ name }) => name === 'delivered')?.state === 'done';
}
