import type { AccountForm as Form } from '../../utils/domain/accounts/settings.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { AccountView, Overview } from '../../utils/domain/view/overview.ts';
import { usualName } from '../../utils/domain/view/welcome.ts';
import { AccountForm, NEW_ACCOUNT } from '../forms/account-form.tsx';
import { PairingForm } from '../forms/pairing-form.tsx';
import type { Actions } from '../ui/actions.ts';
import type { WelcomeState } from './welcome-state.ts';

/** Which account: all of it in one pasted line, or by hand. */
export function AccountStep({ overview, setup }: { overview: Overview; setup: WelcomeState }) {
  const { draft, actions, keep } = setup;
  if (draft.byHand) return <ByHand overview={overview} setup={setup} />;
  return (
    <>
      <p>{say('setup_pair_how')}</p>
      <PairingForm granted={overview.granted} actions={actions} onDone={(account) => keep({ account })} />
      <button type="button" data-action="by-hand" onClick={() => keep({ byHand: true })}>
        {say('setup_by_hand')}
      </button>
    </>
  );
}

function ByHand({ overview, setup }: { overview: Overview; setup: WelcomeState }) {
  const { draft, apiKey, actions, keep, keepApiKey } = setup;
  const change = (form: Form) => {
    keepApiKey(form.apiKey);
    keep({ form: formOf(form) });
  };
  const done = (account?: string) => {
    keepApiKey('');
    keep(account === undefined ? { byHand: false } : { account, byHand: false });
  };
  return (
    <AccountForm
      account={null}
      start={{ ...NEW_ACCOUNT, ...draft.form, apiKey }}
      usualName={(broker) => usualName(broker, overview.accounts)}
      folded
      actions={actions}
      onChange={change}
      onDone={done}
    />
  );
}

function formOf({ broker, name, redirectUrl, mode, expectedUser }: Form) {
  return { broker, name, redirectUrl, mode, expectedUser };
}

/** The account once more, to be mended; the doctor knows by now where its token goes. */
export function ChangeAccount({
  account,
  actions,
  onDone,
}: {
  account: AccountView;
  actions: Actions;
  onDone(): void;
}) {
  return (
    <AccountForm
      account={account.settings}
      destination={account.destination?.url ?? null}
      folded
      actions={actions}
      onDone={onDone}
    />
  );
}
