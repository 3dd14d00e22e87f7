import { useSignal } from '@preact/signals';
import { say } from '../../utils/domain/base/words.ts';
import { AccountForm } from '../forms/account-form.tsx';
import { PairingForm } from '../forms/pairing-form.tsx';
import { AccountSettings } from './account-settings.tsx';
import type { SectionProps } from './section.tsx';

/** Every account, and the ways to add one. */
export function Accounts({ overview, actions }: SectionProps) {
  const byHand = useSignal(false);
  const { accounts, granted } = overview;
  return (
    <>
      {accounts.map((account) => (
        <AccountSettings key={account.settings.id} account={account} actions={actions} />
      ))}
      <h3>{accounts.length === 0 ? say('first_account') : say('settings_add_account')}</h3>
      <PairingForm granted={granted} actions={actions} onDone={() => undefined} />
      {byHand.value ? (
        <AccountForm account={null} actions={actions} onDone={() => (byHand.value = false)} />
      ) : (
        <div class="row">
          <button type="button" class="quiet" data-action="by-hand" onClick={() => (byHand.value = true)}>
            {say('settings_by_hand')}
          </button>
          <button type="button" class="quiet" data-action="welcome" onClick={() => actions.openWelcome('new')}>
            {say('settings_step_by_step')}
          </button>
        </div>
      )}
    </>
  );
}
