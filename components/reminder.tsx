import './ui/theme.css';
import './settings/options.css';
import { useSignal } from '@preact/signals';
import { say } from '../utils/domain/base/words.ts';
import type { Overview } from '../utils/domain/view/overview.ts';
import { AccountCard } from './account-card/account-card.tsx';
import type { Actions } from './ui/actions.ts';

/** Where a notification without buttons leads: the account it was about, and the two answers. */
export function Reminder({
  overview,
  account: id,
  now,
  actions,
}: {
  overview: Overview | null;
  account: string;
  now: number;
  actions: Actions;
}) {
  const said = useSignal('');
  const account = overview?.accounts.find(({ settings }) => settings.id === id);
  const answer = async (type: 'snooze' | 'mute-today', words: string) => {
    const reply = await actions.send({ type, account: id });
    if (reply.ok) said.value = words;
  };
  return (
    <main class="page">
      <h1>{say('reminder_page')}</h1>
      {account ? (
        <>
          <AccountCard account={account} now={now} actions={actions} first />
          <div class="row">
            <button type="button" data-action="snooze" onClick={() => void answer('snooze', say('reminder_snoozed'))}>
              {say('reminder_snooze')}
            </button>
            <button
              type="button"
              data-action="mute-today"
              onClick={() => void answer('mute-today', say('reminder_muted'))}
            >
              {say('reminder_not_today')}
            </button>
            <span role="status">{said}</span>
          </div>
        </>
      ) : (
        <p>{say(overview ? 'reminder_gone' : 'reading')}</p>
      )}
    </main>
  );
}
