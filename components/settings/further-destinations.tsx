import { useSignal } from '@preact/signals';
import { whyOneDestination } from '../../utils/domain/accounts/destinations.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { AccountView, RouteView } from '../../utils/domain/view/overview.ts';
import { DestinationForm } from '../forms/destination-form.tsx';
import type { Actions } from '../ui/actions.ts';
import { Advice } from '../ui/advice.tsx';

/** The further destinations of an account in the settings, or why there can be none. */
export function FurtherDestinations({ account, actions }: { account: AccountView; actions: Actions }) {
  const isAdding = useSignal(false);
  const why = whyOneDestination(account.settings);
  if (why !== null) return <p class="soft">{why}</p>;
  const { id } = account.settings;
  return (
    <>
      {account.further.map((route) => (
        <FurtherDestination key={route.destination?.settings.id} route={route} actions={actions} />
      ))}
      {isAdding.value ? (
        <DestinationForm
          account={id}
          destination={null}
          actions={actions}
          toCommand={(form) => ({ type: 'add-destination', account: id, form })}
          onDone={() => {
            isAdding.value = false;
          }}
        />
      ) : (
        <div>
          <button type="button" class="quiet" data-action="add-destination" onClick={() => (isAdding.value = true)}>
            {say('further_add')}
          </button>
        </div>
      )}
    </>
  );
}

function FurtherDestination({ route, actions }: { route: RouteView; actions: Actions }) {
  const { settings, destination, hosts } = route;
  if (destination === null) return null;
  const { id } = destination.settings;
  const missing = hosts.filter(({ granted }) => !granted).map(({ pattern }) => pattern);
  return (
    <div class="note" data-further={destination.host} data-status={route.status}>
      <p>{say('further_also', destination.url, route.says)}</p>
      {route.advice ? (
        <Advice
          advice={route.advice}
          account={settings.id}
          destination={id}
          actions={actions}
          bad={route.status === 'failed'}
        />
      ) : null}
      <div class="row">
        {missing.length > 0 && (
          <button
            type="button"
            class="primary"
            data-action="allow-destination"
            onClick={() => void actions.allow(missing)}
          >
            {say('permission_allow_its')}
          </button>
        )}
        <button
          type="button"
          class="quiet"
          data-action="remove-destination"
          onClick={() => void actions.send({ type: 'remove-destination', destination: id })}
        >
          {say('settings_remove')}
        </button>
      </div>
    </div>
  );
}
