import type { AccountView } from '../utils/domain/overview.ts';
import { needsLogin as isLoginDue } from '../utils/domain/states.ts';
import { say } from '../utils/domain/words.ts';
import type { Actions } from './actions.ts';
import { hasMend, MendButton } from './advice.tsx';
import type { Press } from './press.ts';

interface ButtonsProps {
  account: AccountView;
  /** True on the card whose button the Enter key presses when the popup opens. */
  first: boolean;
  actions: Actions;
  press: Press;
  onPaste(): void;
}

/** The one button that matters now, and in small what can be done beside it. */
export function AccountButtons({ account, first, actions, press, onPaste }: ButtonsProps) {
  const { status, advice, destination, brokerName } = account;
  const { id } = account.settings;
  const main = {
    account: id,
    press,
    actions,
    class: 'primary grow',
    onMount: first && !account.ask ? takeFocus : undefined,
  };
  const mend = hasMend(advice) && (
    <MendButton mend={advice.mend} {...main}>
      <EnterKey />
    </MendButton>
  );
  if (status === 'setup' || destination === null) {
    return (
      <div class="row">
        {mend || (
          <button type="button" class="primary grow" onClick={() => actions.openSettings('accounts')}>
            {say('advice_settings')}
          </button>
        )}
      </div>
    );
  }
  if (status === 'paused') {
    return (
      <div class="row">
        <button type="button" class="small" onClick={() => void press({ type: 'pause', account: id, paused: false })}>
          {say('card_go_on')}
        </button>
      </div>
    );
  }
  const needsLogin = isLoginDue(status) || (status === 'failed' && advice?.mend === 'log-in');
  return (
    <div class="row">
      {mend}
      <button
        type="button"
        class={needsLogin ? 'primary grow' : 'quiet small'}
        data-action="log-in"
        ref={needsLogin ? main.onMount : undefined}
        onClick={() => void press({ type: 'log-in', account: id })}
      >
        {needsLogin ? say('card_log_in', brokerName) : say('card_log_in_again')}
        {needsLogin && <EnterKey />}
      </button>
      <button type="button" class="quiet small" data-action="paste" onClick={onPaste}>
        {say('card_paste')}
      </button>
    </div>
  );
}

/** Shown while the key would press the button. */
function EnterKey() {
  return (
    <span class="key" aria-hidden="true">
      {say('card_enter')}
    </span>
  );
}

// Once, at the opening: whoever has moved the focus since keeps it.
function takeFocus(button: HTMLButtonElement | null): void {
  if (document.activeElement === document.body) button?.focus();
}
