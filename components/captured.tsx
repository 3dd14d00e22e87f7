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
  const accounts = overview?.accounts ?? [];
  const account = 'account' in fate ? accounts.find(({ settings }) => settings.id === fate.account) : undefined;
  const alike = accounts.filter((one) => one === account || account?.twins.includes(one.settings.id));
  // A question to another account alone is not about this redirect.
  const isAsked = fate.is === 'asked' || (account?.ask ?? null) !== null;
  const asking = isAsked ? alike.filter(({ ask }) => ask !== null) : [];
  const askedAt = useRef(0);
  askedAt.current = Math.max(askedAt.current, ...asking.map(({ ask }) => ask?.at ?? 0));
  if (fate.is === 'waiting') return <Page title={say('captured_wait')} />;
  if (fate.is === 'nothing' || !account)
    return (
      <Page title={say('captured_none')}>
        <p>{say('captured_none_why')}</p>
      </Page>
    );
  if (asking.length > 0)
    return (
      <Page title={say('captured_asked')}>
        <p>{say('captured_asked_first')}</p>
        {asking.map((one, index) => (
          <AccountCard key={one.settings.id} account={one} now={now} actions={actions} first={index === 0} />
        ))}
      </Page>
    );
  const meant = fate.is === 'asked' ? alike.find((one) => isTaken(one, askedAt.current)) : account;
  // The person said no, or nothing in time: nothing is left to show of this account.
  if (!meant)
    return (
      <Page title={say('captured_nothing')}>
        <p>{say('captured_nothing_why')}</p>
      </Page>
    );
  const [title, why] = fate.is === 'asked' ? DONE : WORDS[fate.is];
  return (
    <Page title={say(title)}>
      {why === null ? null : <p>{say(why)}</p>}
      <AccountCard account={meant} now={now} actions={actions} first />
      {title === 'captured_done' && isDelivered(meant) ? <p class="soft">{say('captured_delivered')}</p> : null}
    </Page>
  );
}

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
function isTaken({ links }: AccountView, askedAt: number): boolean {
  return askedAt > 0 && (links?.[0]?.at ?? 0) >= askedAt;
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
