import './theme.css';
import './options.css';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
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
  const askedAt = useRef(0);
  askedAt.current = Math.max(askedAt.current, account?.ask?.at ?? 0);
  if (account === null && askedAt.current === 0 && now - openedAt < PATIENCE_MS) return <Page title="One moment…" />;
  if (account?.ask)
    return (
      <Page title="Is this your login?">
        <AccountCard account={account} now={now} actions={actions} first />
        <p class="soft">Nothing is sent before you say yes.</p>
      </Page>
    );
  // A yes makes the question's own moment that of the capture; what is older was there before it.
  if (askedAt.current > 0 && (account === null || lastSeen(account) < askedAt.current))
    return (
      <Page title="Nothing was sent">
        <p>The login was discarded or its time was over. You can close this tab.</p>
      </Page>
    );
  if (account)
    return (
      <Page title="Login captured">
        <AccountCard account={account} now={now} actions={actions} first />
        {isDelivered(account) ? <p class="soft">The token went to your backend only. You can close this tab.</p> : null}
      </Page>
    );
  return (
    <Page title="No login was captured">
      <p>The broker sent a login here that could not be taken. Open Opening Bell in the toolbar and log in again.</p>
    </Page>
  );
}

function Page({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <main class="page">
      <h1>{title}</h1>
      {children}
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
