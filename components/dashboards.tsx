import { useSignal } from '@preact/signals';
import type { AccountView, DashboardView } from '../utils/domain/overview.ts';
import { MINUTE } from '../utils/domain/time.ts';
import type { Actions } from './actions.ts';
import { DashboardForm } from './dashboard-form.tsx';

/** The pages of the person's own where failed requests wait for a login: none, until one is switched on here. */
export function Dashboards({
  dashboards,
  accounts,
  actions,
}: {
  dashboards: readonly DashboardView[];
  accounts: readonly AccountView[];
  actions: Actions;
}) {
  const editing = useSignal<string | null>(null);
  const close = () => {
    editing.value = null;
  };
  if (accounts.length === 0) return null;
  return (
    <section class="dashboards" aria-labelledby="dashboards">
      <h2 id="dashboards">Dashboards</h2>
      <p class="soft">
        On a page of your own that is switched on here, a request that fails because the broker’s session has ended
        waits for the login and is then answered. Reload pages that are open already.
      </p>
      {dashboards.map((dashboard) =>
        editing.value === dashboard.settings.id ? (
          <DashboardForm
            key={dashboard.settings.id}
            dashboard={dashboard.settings}
            accounts={accounts}
            actions={actions}
            onDone={close}
          />
        ) : (
          <Row
            key={dashboard.settings.id}
            dashboard={dashboard}
            accounts={accounts}
            actions={actions}
            onEdit={() => (editing.value = dashboard.settings.id)}
          />
        ),
      )}
      {editing.value === 'new' ? (
        <DashboardForm dashboard={null} accounts={accounts} actions={actions} onDone={close} />
      ) : (
        <button type="button" data-action="add-dashboard" onClick={() => (editing.value = 'new')}>
          Switch on a dashboard
        </button>
      )}
    </section>
  );
}

function Row({
  dashboard: { settings, pattern, granted, lost },
  accounts,
  actions,
  onEdit,
}: {
  dashboard: DashboardView;
  accounts: readonly AccountView[];
  actions: Actions;
  onEdit(): void;
}) {
  const account = accounts.find((one) => one.settings.id === settings.account);
  return (
    <div class="card" data-dashboard={settings.origin} data-granted={granted}>
      <p>
        <code>{settings.origin}</code> waits for {account ? `${account.brokerName} ${account.name}` : 'no account'}.{' '}
        <small>
          Reads up to {settings.readLimitMs / MINUTE} min old, by themselves. What may act up to{' '}
          {settings.actLimitMs / MINUTE} min old, on your click.
        </small>
      </p>
      {lost > 0 && (
        <p class="note">
          {lost === 1 ? 'One waiting request is' : `${lost} waiting requests are`} gone: the page was closed or reloaded
          before the login.
        </p>
      )}
      {!granted && (
        <p class="note bad">The browser’s permission for this address is missing, so nothing waits there.</p>
      )}
      <div class="row">
        {!granted && (
          <button type="button" class="primary" data-action="allow" onClick={() => void actions.allow([pattern])}>
            Allow this address
          </button>
        )}
        <button type="button" data-action="edit-dashboard" onClick={onEdit}>
          Edit
        </button>
        <button
          type="button"
          class="danger"
          data-action="remove-dashboard"
          onClick={() => void actions.send({ type: 'remove-dashboard', id: settings.id })}
        >
          Switch off
        </button>
      </div>
    </div>
  );
}
