import { useSignal } from '@preact/signals';
import { say } from '../../utils/domain/base/words.ts';
import type { AccountView, Overview } from '../../utils/domain/view/overview.ts';
import { formatClock } from '../../utils/shared/time.ts';
import { AccountCard } from '../account-card/account-card.tsx';
import type { WelcomeState } from './welcome-state.ts';

/** It lives. What happens every morning from now on, and what makes that easy. */
export function DailyStep({
  account,
  overview,
  now,
  setup,
  onAnother,
}: {
  account: AccountView;
  overview: Overview;
  now: number;
  setup: WelcomeState;
  onAnother(): void;
}) {
  const { actions } = setup;
  return (
    <>
      <AccountCard account={account} now={now} actions={actions} first={false} />
      <ul class="daily">
        <li>{say('setup_daily_badge')}</li>
        <li>{say('setup_daily_press', account.brokerName)}</li>
        <li>{say('setup_daily_proof')}</li>
        <li data-pinned={setup.isPinned ?? undefined}>
          {say(setup.isPinned ? 'setup_daily_pinned' : 'setup_daily_pin')}
        </li>
      </ul>
      <div class="row">
        <Reminders overview={overview} setup={setup} />
        <button type="button" data-action="another" onClick={onAnother}>
          {say('setup_another')}
        </button>
        <button type="button" class="quiet" data-action="settings" onClick={() => actions.openSettings()}>
          {say('popup_settings')}
        </button>
      </div>
    </>
  );
}

function Reminders({ overview: { preferences, canNotify }, setup }: { overview: Overview; setup: WelcomeState }) {
  const { actions } = setup;
  const isRefused = useSignal(false);
  const at = formatClock(preferences.morning);
  if (preferences.notify && canNotify) return <span class="grow">✓ {say('setup_reminded', at)}</span>;
  const remind = async () => {
    // The browser asks only in the click itself, so this comes before anything that is awaited.
    isRefused.value = !(await actions.askToNotify());
    if (!isRefused.value)
      await actions.send({ type: 'save-preferences', preferences: { ...preferences, notify: true } });
  };
  return (
    <>
      <button type="button" class="primary" data-action="remind" onClick={() => void remind()}>
        {say('setup_remind', at)}
      </button>
      <span role="status">{isRefused.value ? say('setup_not_reminded') : ''}</span>
    </>
  );
}
