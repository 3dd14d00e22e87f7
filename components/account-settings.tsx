import { useSignal } from '@preact/signals';
import type { AccountView } from '../utils/domain/overview.ts';
import { tellRule } from '../utils/domain/session.ts';
import { ruleOf } from '../utils/domain/term.ts';
import { AccountForm } from './account-form.tsx';
import type { Actions } from './actions.ts';
import { ClockForm } from './clock-form.tsx';
import { Copies } from './copies.tsx';
import { DestinationForm } from './destination-form.tsx';
import { DestinationTest } from './destination-test.tsx';
import { Hosts } from './hosts.tsx';

type Open = 'nothing' | 'account' | 'destination' | 'clock' | 'forget';

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
        <AccountForm account={settings} destination={destination?.url ?? null} actions={actions} onDone={close} />
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
        <button type="button" data-action="edit-clock" onClick={() => (open.value = 'clock')}>
          Session’s end
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
      {open.value === 'clock' && <ClockForm account={settings} actions={actions} onDone={close} />}
      {open.value === 'forget' && <Forget account={account} actions={actions} onDone={close} />}
      {destination && <Copies account={account} actions={actions} />}
      <h3>Addresses</h3>
      <Hosts hosts={hosts} onRevoke={(pattern) => void actions.revoke(pattern)} />
      {missing.length > 0 && (
        <div class="row">
          <button type="button" class="primary" data-action="allow" onClick={() => void actions.allow(missing)}>
            Allow {missing.length === 1 ? 'this address' : 'these addresses'}
          </button>
        </div>
      )}
      {destination && <DestinationTest account={settings.id} actions={actions} />}
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
      <dt>Session ends</dt>
      <dd>
        {tellRule(ruleOf(settings))}
        <small>{settings.clock?.renewsItself ? ' renews itself' : ''}</small>
      </dd>
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
