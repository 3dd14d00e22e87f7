import { useSignal } from '@preact/signals';
import { whyOneDestination } from '../../utils/domain/accounts/copies.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import { DestinationForm } from '../forms/destination-form.tsx';
import type { Actions } from '../ui/actions.ts';
import { Advice } from '../ui/advice.tsx';

/** The further destinations of an account in the settings, or why there can be none. */
export function Copies({ account, actions }: { account: AccountView; actions: Actions }) {
  const isAdding = useSignal(false);
  const why = whyOneDestination(account.settings);
  if (why !== null) return <p class="soft">{why}</p>;
  const { id } = account.settings;
  return (
    <>
      {account.copies.map((copy) => (
        <Copy key={copy.settings.id} copy={copy} actions={actions} />
      ))}
      {isAdding.value ? (
        <DestinationForm
          account={id}
          destination={null}
          actions={actions}
          toCommand={(form) => ({ type: 'add-copy', account: id, form })}
          onDone={() => {
            isAdding.value = false;
          }}
        />
      ) : (
        <div>
          <button type="button" class="quiet" data-action="add-copy" onClick={() => (isAdding.value = true)}>
            {say('further_add')}
          </button>
        </div>
      )}
    </>
  );
}

function Copy({ copy, actions }: { copy: AccountView; actions: Actions }) {
  const { settings, destination, hosts } = copy;
  const missing = hosts.filter(({ granted }) => !granted).map(({ pattern }) => pattern);
  return (
    <div class="note" data-copy={destination?.host} data-status={copy.status}>
      <p>{say('further_also', destination?.url ?? '', copy.says)}</p>
      {copy.advice ? (
        <Advice advice={copy.advice} account={settings.id} actions={actions} bad={copy.status === 'failed'} />
      ) : null}
      <div class="row">
        {missing.length > 0 && (
          <button type="button" class="primary" data-action="allow-copy" onClick={() => void actions.allow(missing)}>
            {say('permission_allow_its')}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          data-action="remove-copy"
          onClick={() => void actions.send({ type: 'forget', account: settings.id })}
        >
          {say('settings_remove')}
        </button>
      </div>
    </div>
  );
}
