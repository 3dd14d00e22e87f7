import './ui/theme.css';
import './settings/options.css';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { say } from '../utils/domain/base/words.ts';
import type { AccountView, Overview } from '../utils/domain/view/overview.ts';
import { SECOND } from '../utils/shared/time.ts';
import { AccountCard } from './account-card/account-card.tsx';
import type { Actions } from './ui/actions.ts';

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
  if (account === null && askedAt.current === 0 && now - openedAt < PATIENCE_MS)
    return <Page title={say('captured_wait')} />;
  if (account?.ask)
    return (
      <Page title={say('captured_asked')}>
        <AccountCard account={account} now={now} actions={actions} first />
        <p class="soft">{say('captured_asked_first')}</p>
      </Page>
    );
  // A yes makes the question's own moment that of the capture; what is older was there before it.
  if (askedAt.current > 0 && (account === null || lastSeen(account) < askedAt.current))
    return (
      <Page title={say('captured_nothing')}>
        <p>{say('captured_nothing_why')}</p>
      </Page>
    );
  if (account)
    return (
      <Page title={say('captured_done')}>
        <AccountCard account={account} now={now} actions={actions} first />
        {isDelivered(account) ? <p class="soft">{say('captured_delivered')}</p> : null}
      </Page>
    );
  return (
    <Page title={say('captured_none')}>
      <p>{say('captured_none_why')}</p>
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
