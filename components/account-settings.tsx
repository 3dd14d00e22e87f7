import { useSignal } from '@preact/signals';
import type { TestStep } from '../utils/domain/messages.ts';
import type { AccountView } from '../utils/domain/overview.ts';
import { AccountForm } from './account-form.tsx';
import type { Actions } from './actions.ts';
import { DestinationForm } from './destination-form.tsx';
import { Hosts } from './hosts.tsx';

type Open = 'nothing' | 'account' | 'destination' | 'forget';

/** Everything that can be changed about one account. */
export function AccountSettings({ account, actions }: { account: AccountView; actions: Actions }) {
  const { settings, destination, hosts } = account;
  const open = useSignal<Open>('nothing');
  const close = () => {
    open.value = 'nothing';
  };
  const missing = hosts.filter(({ granted }) => !granted).map(({ pattern }) => pattern);
  return (
    <section class="card" data-account={settings.name} aria-label={`${account.brokerName} ${account.name}`}>
      <header class="row">
        <h2 class="grow">
          {account.brokerName} <span class="soft">{account.name}</span>
        </h2>
        <strong>{account.says}</strong>
      </header>
      {open.value === 'account' ? (
        <AccountForm account={settings} actions={actions} onDone={close} />
      ) : (
        <AccountFacts account={account} />
      )}
      <div class="row">
        <button type="button" onClick={() => (open.value = 'account')}>
          Edit account
        </button>
        <button type="button" data-action="edit-destination" onClick={() => (open.value = 'destination')}>
          {destination ? 'Change destination' : 'Add destination'}
        </button>
        <button
          type="button"
          onClick={() => void actions.send({ type: 'pause', account: settings.id, paused: !settings.paused })}
        >
          {settings.paused ? 'Go on' : 'Pause'}
        </button>
        <button type="button" class="danger" data-action="forget" onClick={() => (open.value = 'forget')}>
          Forget
        </button>
      </div>
      {open.value === 'destination' && (
        <DestinationForm
          account={settings.id}
          destination={destination?.settings ?? null}
          actions={actions}
          onDone={close}
        />
      )}
      {open.value === 'forget' && <Forget account={account} actions={actions} onDone={close} />}
      <h3>Addresses</h3>
      <Hosts hosts={hosts} onRevoke={(pattern) => void actions.revoke(pattern)} />
      {missing.length > 0 && (
        <div class="row">
          <button type="button" class="primary" data-action="allow" onClick={() => void actions.allow(missing)}>
            Allow {missing.length === 1 ? 'this address' : 'these addresses'}
          </button>
        </div>
      )}
      {destination && <Test account={settings.id} actions={actions} />}
    </section>
  );
}

const MODES = { seal: 'never opened', forward: 'is opened too', observe: 'takes the token itself' };

function AccountFacts({ account: { settings, destination } }: { account: AccountView }) {
  return (
    <dl class="facts">
      <dt>API key</dt>
      <dd>{settings.apiKey}</dd>
      <dt>Redirect URL</dt>
      <dd>
        {settings.redirectUrl} <small>{MODES[settings.mode]}</small>
      </dd>
      <dt>User</dt>
      <dd>{settings.expectedUser ?? settings.confirmedUser ?? 'confirmed at the first login'}</dd>
      <dt>Tokens go to</dt>
      <dd>
        {destination ? destination.url : 'nowhere yet'}{' '}
        <small>{destination?.fingerprint ? `key ${destination.fingerprint}` : destination ? 'unsigned' : ''}</small>
      </dd>
    </dl>
  );
}

function Forget({ account, actions, onDone }: { account: AccountView; actions: Actions; onDone(): void }) {
  return (
    <div class="note bad" role="alert">
      <p>
        Forget {account.brokerName} {account.name}? Its settings, pairing key and anything on its way are removed from
        this browser. Your backend keeps what it has.
      </p>
      <div class="row">
        <button
          type="button"
          class="danger"
          data-action="forget-now"
          onClick={() => void actions.send({ type: 'forget', account: account.settings.id })}
        >
          Forget it
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          Keep it
        </button>
      </div>
    </div>
  );
}

function Test({ account, actions }: { account: string; actions: Actions }) {
  const steps = useSignal<readonly TestStep[] | 'running' | null>(null);
  const run = async () => {
    steps.value = 'running';
    const reply = await actions.send({ type: 'test', account });
    steps.value = reply.ok
      ? (reply.steps ?? [])
      : reply.problems.map(({ field, message }) => ({ name: field, ok: false, says: message }));
  };
  return (
    <div class="test">
      <button type="button" data-action="test" disabled={steps.value === 'running'} onClick={() => void run()}>
        {steps.value === 'running' ? 'Testing…' : 'Test this destination'}
      </button>
      <ol aria-live="polite">
        {Array.isArray(steps.value)
          ? steps.value.map(({ name, ok, says }: TestStep) => (
              <li key={name} data-step={name} data-ok={ok}>
                <span aria-hidden="true">{ok ? '✓' : '✕'}</span> <b>{name}</b> {says}
              </li>
            ))
          : null}
      </ol>
    </div>
  );
}
