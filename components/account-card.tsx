import './account-card.css';
import { useSignal } from '@preact/signals';
import type { AccountView } from '../utils/domain/overview.ts';
import { needsLogin as isLoginDue, STATES } from '../utils/domain/states.ts';
import { SECOND } from '../utils/domain/time.ts';
import type { Actions } from './actions.ts';
import { Advice } from './advice.tsx';
import { CopyLines } from './copies.tsx';
import { Health } from './health.tsx';
import { Paste } from './paste.tsx';
import { ProofChain } from './proof-chain.tsx';
import { Queue } from './queue.tsx';

/** One account at a glance: where its session stands, the proof, what is wrong, and the one button. */
export function AccountCard({
  account,
  now,
  actions,
  first,
}: {
  account: AccountView;
  now: number;
  actions: Actions;
  first: boolean;
}) {
  const { settings, status, advice, links, queue, ask } = account;
  const isPasting = useSignal(false);
  const needsLogin = isLoginDue(status) || (status === 'failed' && advice?.mend === 'log-in');
  return (
    <section class={`card account ${status}`} data-account={settings.name} data-status={status}>
      <header>
        <h2>{account.brokerName}</h2>
        <span class="soft">{[account.name, account.user].filter(Boolean).join(' · ')}</span>
        <strong class="state">{STATES[status].label}</strong>
      </header>
      <p class="says">{account.says}</p>
      {account.health && <Health health={account.health} now={now} />}
      {links && <ProofChain links={links} />}
      {advice && <Advice advice={advice} account={settings.id} actions={actions} bad={status === 'failed'} />}
      {account.notice && <p class="note">{account.notice}</p>}
      {account.confirmUser && <ConfirmUser account={account} user={account.confirmUser} actions={actions} />}
      {ask && <AskRow ask={ask} now={now} actions={actions} />}
      {queue && <Queue queue={queue} />}
      <CopyLines account={account} actions={actions} />
      {isPasting.value ? (
        <Paste
          account={settings.id}
          actions={actions}
          onDone={() => {
            isPasting.value = false;
          }}
        />
      ) : (
        <Buttons
          account={account}
          needsLogin={needsLogin}
          first={first}
          actions={actions}
          onPaste={() => {
            isPasting.value = true;
          }}
        />
      )}
    </section>
  );
}

interface ButtonsProps {
  account: AccountView;
  needsLogin: boolean;
  first: boolean;
  actions: Actions;
  onPaste(): void;
}

function Buttons({ account, needsLogin, first, actions, onPaste }: ButtonsProps) {
  const { id } = account.settings;
  if (account.status === 'setup' || account.destination === null) {
    return account.advice ? null : (
      <button type="button" class="primary" onClick={() => actions.openSettings()}>
        Open settings
      </button>
    );
  }
  if (account.status === 'paused') {
    return (
      <button type="button" onClick={() => void actions.send({ type: 'pause', account: id, paused: false })}>
        Go on
      </button>
    );
  }
  return (
    <div class="row">
      <button
        type="button"
        class={needsLogin ? 'primary grow' : 'quiet'}
        data-action="log-in"
        ref={(button) => {
          if (needsLogin && first && document.activeElement === document.body) button?.focus();
        }}
        onClick={() => void actions.send({ type: 'log-in', account: id })}
      >
        {needsLogin ? `Log in to ${account.brokerName}` : 'Log in again'}
      </button>
      <button type="button" class="quiet" data-action="paste" onClick={onPaste}>
        Paste token
      </button>
    </div>
  );
}

function AskRow({ ask, now, actions }: { ask: NonNullable<AccountView['ask']>; now: number; actions: Actions }) {
  const left = Math.max(Math.ceil((ask.expiresAt - now) / SECOND), 0);
  return (
    <div class="note" data-ask={ask.id}>
      <p>
        {ask.says} <small>{left < 600 ? `Forgotten in ${left} s.` : ''}</small>
      </p>
      <div class="row">
        <button
          type="button"
          class="primary"
          data-action="accept"
          onClick={() => void actions.send({ type: 'accept', ask: ask.id })}
        >
          {ask.yes}
        </button>
        <button type="button" data-action="discard" onClick={() => void actions.send({ type: 'discard', ask: ask.id })}>
          Discard
        </button>
      </div>
    </div>
  );
}

function ConfirmUser({ account, user, actions }: { account: AccountView; user: string; actions: Actions }) {
  const { id } = account.settings;
  return (
    <div class="note">
      <p>Your backend is logged in as {user}. Is that your account?</p>
      <div class="row">
        <button
          type="button"
          data-action="confirm-user"
          onClick={() => void actions.send({ type: 'confirm-user', account: id, user })}
        >
          Yes, it is mine
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => void actions.send({ type: 'pause', account: id, paused: true })}
        >
          No, pause
        </button>
      </div>
    </div>
  );
}
