import './theme.css';
import './options.css';
import type { AccountView, Overview } from '../utils/domain/overview.ts';
import { MINUTE, SECOND } from '../utils/domain/time.ts';
import { AccountCard } from './account-card.tsx';
import type { Actions } from './actions.ts';

/** A capture takes milliseconds; a page that still has none after this will not get one. */
const PATIENCE_MS = 2 * SECOND;

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
  const account = overview && newest(overview, now);
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
          <p class="soft">The redirect was not opened: the token went to your backend only. You can close this tab.</p>
        </>
      ) : now - openedAt >= PATIENCE_MS ? (
        <p>The broker sent a login here that could not be taken. Open Opening Bell in the toolbar and log in again.</p>
      ) : null}
    </main>
  );
}

/** The account whose login, or question, came last, if that was just now. */
function newest({ accounts }: Overview, now: number): AccountView | null {
  const recent = accounts.filter((account) => now - lastSeen(account) < 5 * MINUTE);
  return recent.sort((a, b) => lastSeen(b) - lastSeen(a))[0] ?? null;
}

function lastSeen({ links, ask }: AccountView): number {
  return Math.max(links?.[0]?.at ?? 0, ask?.at ?? 0);
}
