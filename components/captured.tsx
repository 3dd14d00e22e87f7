import './ui/theme.css';
import './settings/options.css';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { say } from '../utils/domain/base/words.ts';
import type { Fate } from '../utils/domain/capture/outcome.ts';
import type { AccountView, Overview } from '../utils/domain/view/overview.ts';
import { AccountCard } from './account-card/account-card.tsx';
import type { Actions } from './ui/actions.ts';

interface CapturedProps {
  overview: Overview | null;
  /** What became of the very redirect whose place this page took. */
  fate: Fate;
  now: number;
  actions: Actions;
}

/** Stands where a sealed redirect would have loaded: its login's way so far, or why there is none and what to do. */
export function Captured({ overview, fate, now, actions }: CapturedProps) {
  const account =
    'account' in fate ? overview?.accounts.find(({ settings }) => settings.id === fate.account) : undefined;
  const askedAt = useRef(0);
  askedAt.current = Math.max(askedAt.current, account?.ask?.at ?? 0);
  if (fate.is === 'waiting') return <Page title={say('captured_wait')} />;
  if (fate.is === 'nothing' || !account)
    return (
      <Page title={say('captured_none')}>
        <p>{say('captured_none_why')}</p>
      </Page>
    );
  const [title, why] = account.ask ? ASKED : fate.is === 'asked' ? answered(account, askedAt.current) : WORDS[fate.is];
  // The person said no, or nothing in time: nothing is left to show of this account.
  if (title === 'captured_nothing')
    return (
      <Page title={say(title)}>
        <p>{say('captured_nothing_why')}</p>
      </Page>
    );
  return (
    <Page title={say(title)}>
      {why === null ? null : <p>{say(why)}</p>}
      <AccountCard account={account} now={now} actions={actions} first />
      {title === 'captured_done' && isDelivered(account) ? <p class="soft">{say('captured_delivered')}</p> : null}
    </Page>
  );
}

const ASKED = ['captured_asked', 'captured_asked_first'] as const;
const DONE = ['captured_done', null] as const;
const WORDS = {
  captured: DONE,
  known: ['captured_known', 'captured_known_why'],
  refused: ['captured_refused', 'captured_refused_why'],
  failed: ['captured_failed', null],
  empty: ['captured_empty', 'captured_empty_why'],
  lost: ['captured_lost', 'captured_lost_why'],
  hidden: ['captured_hidden', 'captured_hidden_why'],
} as const;

/** A yes makes the question's own moment that of the capture; what is older was there before it. */
function answered({ links }: AccountView, askedAt: number) {
  return askedAt > 0 && (links?.[0]?.at ?? 0) >= askedAt ? DONE : (['captured_nothing', null] as const);
}

function Page({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <main class="page">
      <h1>{title}</h1>
      {children}
    </main>
  );
}

function isDelivered({ links }: AccountView): boolean {
  return links?.find(({ name }) => name === 'delivered')?.state === 'done';
}
