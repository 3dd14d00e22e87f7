import { useSignal } from '@preact/signals';
import { formatNumber, say, sayCount } from '../../../utils/domain/base/words.ts';
import type { AccountView, DashboardView } from '../../../utils/domain/view/overview.ts';
import { titleOf } from '../../../utils/domain/view/title.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import type { Actions } from '../../ui/actions.ts';
import { Pill } from '../../ui/pill.tsx';
import type { SectionProps } from '../section.tsx';
import { DashboardForm } from './dashboard-form.tsx';
import { ImportedDashboard } from './imported-dashboard.tsx';

/** The pages of the person's own where failed requests wait for a login: none, until one is switched on here. */
export function Dashboards({ overview: { dashboards, accounts }, actions }: SectionProps) {
  const editing = useSignal<string | null>(null);
  const close = () => {
    editing.value = null;
  };
  if (accounts.length === 0)
    return (
      <p>
        {say('dashboard_no_account')} <a href="#accounts">{say('settings_accounts')}</a>
      </p>
    );
  return (
    <>
      {dashboards.length === 0 && <p>{say('dashboard_none')}</p>}
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
        <div>
          <button type="button" data-action="add-dashboard" onClick={() => (editing.value = 'new')}>
            {say('dashboard_add')}
          </button>
        </div>
      )}
    </>
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
  const who = account ? titleOf(account) : say('dashboard_nobody');
  const minutes = (ms: number) => formatNumber(ms / MINUTE, { maximumFractionDigits: 1 });
  const isOff = settings.unconfirmed === true;
  return (
    <section class="card" data-dashboard={settings.origin} data-granted={granted} aria-label={settings.origin}>
      <header class="row">
        <h3 class="grow address">{settings.origin}</h3>
        {isOff ? (
          <Pill tone="bad">{say('dashboard_is_off')}</Pill>
        ) : (
          <Pill tone={granted ? 'ok' : 'bad'}>{granted ? say('dashboard_on') : say('permission_missing')}</Pill>
        )}
      </header>
      <p>{say('dashboard_waits_for', who)}</p>
      <p class="soft">{say('dashboard_limits', minutes(settings.readLimitMs), minutes(settings.actLimitMs))}</p>
      {lost > 0 && <p class="note">{sayCount('dashboard_lost', lost)}</p>}
      {isOff && <ImportedDashboard settings={settings} pattern={pattern} actions={actions} />}
      {!isOff && !granted && <p class="note bad">{say('dashboard_not_allowed')}</p>}
      <div class="row">
        {!isOff && !granted && (
          <button type="button" class="primary" data-action="allow" onClick={() => void actions.allow([pattern])}>
            {say('permission_allow_this')}
          </button>
        )}
        <button type="button" data-action="edit-dashboard" onClick={onEdit}>
          {say('settings_edit')}
        </button>
        <button
          type="button"
          class="danger"
          data-action="remove-dashboard"
          onClick={() => void actions.send({ type: 'remove-dashboard', id: settings.id })}
        >
          {isOff ? say('settings_remove') : say('dashboard_off')}
        </button>
      </div>
    </section>
  );
}
