import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { say } from '../../utils/domain/base/words.ts';
import { isLoginDue } from '../../utils/domain/view/due.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import type { Actions } from '../ui/actions.ts';
import { hasMend, MendButton } from '../ui/advice.tsx';
import type { Press } from '../ui/press.ts';

interface ButtonsProps {
  account: AccountView;
  /** True on the card whose button the Enter key presses when the popup opens. */
  first: boolean;
  actions: Actions;
  press: Press;
  onPaste(): void;
  /** What stands beside the buttons of an account that needs none. */
  children: ComponentChildren;
}

/** The one button that matters now with what can be done beside it, or, where nothing has to be done, all that put away. */
export function AccountButtons({ account, first, actions, press, onPaste, children }: ButtonsProps) {
  const isOpen = useSignal(false);
  // A token of an account that is not set up could go nowhere.
  const isReady = account.status !== 'setup' && account.destination !== null;
  const rest = isReady ? <OtherButtons account={account} press={press} onPaste={onPaste} /> : null;
  const main = <MainButton account={account} first={first} actions={actions} press={press} />;
  switch (mainOf(account)) {
    case 'settings':
    case 'resume':
      return <div class="row">{main}</div>;
    case 'log-in':
    case 'mend':
      return (
        <div class="row">
          {main}
          {rest}
        </div>
      );
    case 'none':
      return (
        <>
          <div class="row foot">
            {children}
            <button
              type="button"
              class="quiet small"
              aria-expanded={isOpen.value}
              onClick={() => (isOpen.value = !isOpen.value)}
            >
              {say('label_more')}
            </button>
          </div>
          <div class="row" hidden={!isOpen.value}>
            {rest}
          </div>
        </>
      );
  }
}

type Main = 'settings' | 'resume' | 'log-in' | 'mend' | 'none';

/** Which button an account needs, if any. */
export function mainOf(account: AccountView): Main {
  const { status, advice, destination } = account;
  if (status === 'paused') return 'resume';
  if (hasMend(advice)) return 'mend';
  if (status === 'setup' || destination === null) return 'settings';
  return isLoginDue(account) ? 'log-in' : 'none';
}

function MainButton({ account, first, actions, press }: Omit<ButtonsProps, 'onPaste' | 'children'>) {
  const { advice, brokerName, ask } = account;
  const { id } = account.settings;
  // A yes to a question is never one key away.
  const focus = first && !ask ? takeFocus : undefined;
  switch (mainOf(account)) {
    case 'none':
      return null;
    case 'mend':
      return hasMend(advice) ? (
        <MendButton
          mend={advice.mend}
          account={id}
          actions={actions}
          press={press}
          class="primary grow"
          onMount={focus}
        >
          <EnterKey />
        </MendButton>
      ) : null;
    case 'settings':
      return (
        <button type="button" class="primary grow" ref={focus} onClick={() => actions.openSettings('accounts')}>
          {say('advice_settings')}
        </button>
      );
    case 'resume':
      return (
        <button type="button" class="small" onClick={() => void press({ type: 'pause', account: id, paused: false })}>
          {say('account_resume')}
        </button>
      );
    case 'log-in':
      return (
        <button
          type="button"
          class="primary grow"
          data-action="log-in"
          ref={focus}
          onClick={() => void press({ type: 'log-in', account: id })}
        >
          {say('card_log_in', brokerName)}
          <EnterKey />
        </button>
      );
  }
}

function OtherButtons({ account, press, onPaste }: Pick<ButtonsProps, 'account' | 'press' | 'onPaste'>) {
  const { id } = account.settings;
  return (
    <>
      {mainOf(account) !== 'log-in' && (
        <button
          type="button"
          class="quiet small"
          data-action="log-in"
          onClick={() => void press({ type: 'log-in', account: id })}
        >
          {say('card_log_in_again')}
        </button>
      )}
      <button type="button" class="quiet small" data-action="paste" onClick={onPaste}>
        {say('card_paste')}
      </button>
    </>
  );
}

/** Shown while the key would press the button. */
function EnterKey() {
  return (
    <span class="key" aria-hidden="true">
      ↵
    </span>
  );
}

// Once, at the opening: whoever has moved the focus since keeps it.
function takeFocus(button: HTMLButtonElement | null): void {
  if (document.activeElement === document.body) button?.focus();
}
