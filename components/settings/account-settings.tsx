import { useSignal } from '@preact/signals';
import { tellRule } from '../../utils/domain/base/expiry-words.ts';
import { say } from '../../utils/domain/base/words.ts';
import { ruleOf } from '../../utils/domain/session/term.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import { titleOf } from '../../utils/domain/view/title.ts';
import { AccountForm } from '../forms/account-form.tsx';
import { DestinationForm } from '../forms/destination-form.tsx';
import { DestinationTest } from '../forms/destination-test.tsx';
import type { Actions } from '../ui/actions.ts';
import { AllowHosts } from '../ui/hosts.tsx';
import { ClockForm } from './clock/clock-form.tsx';
import { Container } from './container.tsx';
import { FurtherDestinations } from './further-destinations.tsx';

type Open = 'nothing' | 'account' | 'destination' | 'clock' | 'forget';

/** Everything that can be changed about one account. */
export function AccountSettings({ account, actions }: { account: AccountView; actions: Actions }) {
  const { settings, destination, hosts, container } = account;
  const open = useSignal<Open>('nothing');
  const close = () => {
    open.value = 'nothing';
  };
  const missing = hosts.filter(({ granted }) => !granted);
  return (
    <section class="card" data-account={settings.name} aria-label={titleOf(account)}>
      <header class="row">
        <h3 class="grow">
          {account.brokerName} <span class="soft">{account.name}</span>
        </h3>
        <strong>{account.says}</strong>
      </header>
      {open.value === 'account' ? (
        <AccountForm account={settings} destination={destination?.url ?? null} actions={actions} onDone={close} />
      ) : (
        <AccountFacts account={account} />
      )}
      <div class="row">
        <button type="button" data-action="edit-account" onClick={() => (open.value = 'account')}>
          {say('account_edit')}
        </button>
        <button type="button" data-action="edit-destination" onClick={() => (open.value = 'destination')}>
          {destination ? say('destination_change') : say('destination_add')}
        </button>
        <button type="button" data-action="edit-clock" onClick={() => (open.value = 'clock')}>
          {say('clock_edit')}
        </button>
        <button
          type="button"
          data-action="pause"
          onClick={() => void actions.send({ type: 'pause', account: settings.id, paused: !settings.paused })}
        >
          {settings.paused ? say('account_resume') : say('account_pause')}
        </button>
        <button type="button" class="danger" data-action="forget" onClick={() => (open.value = 'forget')}>
          {say('account_forget')}
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
      {container && <Container container={container} account={settings.id} actions={actions} />}
      {destination && <FurtherDestinations account={account} actions={actions} />}
      {missing.length > 0 && (
        <>
          <h4>{say('account_addresses')}</h4>
          <AllowHosts hosts={missing} actions={actions}>
            {missing.length === 1 ? say('permission_allow_this') : say('permission_allow_these')}
          </AllowHosts>
        </>
      )}
      {destination && <DestinationTest account={settings.id} actions={actions} />}
    </section>
  );
}

function AccountFacts({ account: { settings, destination } }: { account: AccountView }) {
  return (
    <dl class="facts">
      <dt>{say('account_key')}</dt>
      <dd>
        <code>{settings.apiKey}</code>
      </dd>
      <dt>{say('account_redirect')}</dt>
      <dd>
        <code>{settings.redirectUrl}</code> <small>{say(`account_mode_${settings.mode}`)}</small>
      </dd>
      <dt>{say('account_user')}</dt>
      <dd>{settings.expectedUser ?? settings.confirmedUser ?? say('account_user_later')}</dd>
      <dt>{say('account_session_ends')}</dt>
      <dd>
        {tellRule(ruleOf(settings))} <small>{settings.clock?.renewsItself ? say('account_renews_itself') : ''}</small>
      </dd>
      <dt>{say('account_tokens_go_to')}</dt>
      <dd>
        {destination ? <code>{destination.url}</code> : say('account_nowhere')}{' '}
        <small>
          {destination?.fingerprint
            ? say('destination_key', destination.fingerprint)
            : destination?.kind === 'plain'
              ? say('destination_unsigned')
              : ''}
        </small>
      </dd>
    </dl>
  );
}

function Forget({ account, actions, onDone }: { account: AccountView; actions: Actions; onDone(): void }) {
  return (
    <div class="note bad" role="alert">
      <p>{say('account_forget_sure', account.brokerName, account.name)}</p>
      <div class="row">
        <button
          type="button"
          class="danger"
          data-action="forget-now"
          onClick={() => void actions.send({ type: 'forget', account: account.settings.id })}
        >
          {say('account_forget_now')}
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          {say('account_keep')}
        </button>
      </div>
    </div>
  );
}
