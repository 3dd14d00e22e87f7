import { hostsNeeded } from '../../utils/domain/accounts/hosts.ts';
import { say } from '../../utils/domain/base/words.ts';
import { examine } from '../../utils/domain/doctor/doctor.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import { DestinationForm } from '../forms/destination-form.tsx';
import type { Actions } from '../ui/actions.ts';
import { Findings } from '../ui/findings.tsx';
import type { WelcomeState } from './welcome-state.ts';

/** Where the token goes, and the one click that lets the browser take it there. */
export function DestinationStep({
  account,
  granted,
  setup,
}: {
  account: AccountView;
  granted: readonly string[];
  setup: WelcomeState;
}) {
  const { draft, actions, keep } = setup;
  return (
    <>
      <p>{say('setup_destination_how')}</p>
      <DestinationForm
        account={account.settings.id}
        destination={null}
        address={draft.address}
        actions={actions}
        needs={(to) => hostsNeeded(account.settings, to, new Set(granted))}
        onAddress={(address) => keep({ address })}
        onDone={() => keep({ address: '', account: account.settings.id })}
        onCancel={null}
      />
    </>
  );
}

/** The destination once more. */
export function ChangeDestination({
  account,
  granted,
  actions,
  onDone,
}: {
  account: AccountView;
  granted: readonly string[];
  actions: Actions;
  onDone(): void;
}) {
  return (
    <DestinationForm
      account={account.settings.id}
      destination={account.destination?.settings ?? null}
      actions={actions}
      needs={(to) => hostsNeeded(account.settings, to, new Set(granted))}
      onDone={onDone}
    />
  );
}

/** What only shows once both ends are known: a redirect that is the backend's own callback. */
export function BothEnds({ account, actions }: { account: AccountView; actions: Actions }) {
  const { id, broker, name, apiKey, redirectUrl, mode, expectedUser } = account.settings;
  const form = { broker, name, apiKey, redirectUrl, mode, expectedUser };
  const found = examine(broker, form, { destination: account.destination?.url ?? null });
  const findings = found.filter(({ code }) => code === 'url_backend');
  if (findings.length === 0) return null;
  return (
    <Findings
      findings={findings}
      mend={(fix) => void actions.send({ type: 'save-account', id, form: { ...form, ...fix } })}
    />
  );
}
