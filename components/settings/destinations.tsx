import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatMoment } from '../../utils/domain/base/moment.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { DeliveryRow } from '../../utils/domain/records/delivery-log.ts';
import { isUnpaired } from '../../utils/domain/transfer/import-steps.ts';
import type { RouteView } from '../../utils/domain/view/overview.ts';
import { routesShown } from '../../utils/domain/view/routes.ts';
import { titleOf } from '../../utils/domain/view/title.ts';
import { DestinationForm } from '../forms/destination-form.tsx';
import { DestinationTest } from '../forms/destination-test.tsx';
import type { Actions } from '../ui/actions.ts';
import { Advice } from '../ui/advice.tsx';
import { Deliveries } from './deliveries.tsx';
import type { SectionProps } from './section.tsx';

type Rows = readonly DeliveryRow[] | 'reading' | 'failed';

/** Where tokens go: each destination with its proof, its test and what was sent there. */
export function Destinations({ overview, now, actions }: SectionProps) {
  const rows = useSignal<Rows>('reading');
  const read = async () => {
    const reply = await actions.send({ type: 'deliveries' });
    rows.value = reply.ok ? (reply.deliveries ?? []) : 'failed';
  };
  // Whatever is sent changes the overview too.
  useEffect(() => void read(), [overview.at]);
  const all = overview.accounts.flatMap(routesShown);
  if (all.every(({ destination }) => destination === null))
    return (
      <p>
        {say('destination_none')} <a href="#accounts">{say('settings_accounts')}</a>
      </p>
    );
  const further = overview.accounts.flatMap((account) => account.further);
  return all.map((route) => (
    <DestinationCard
      key={route.destination?.settings.id ?? route.settings.id}
      route={route}
      isFurther={further.includes(route)}
      rows={typeof rows.value === 'string' ? rows.value : rowsOf(route, further, rows.value)}
      now={now}
      actions={actions}
      onChange={() => void read()}
    />
  ));
}

/** What was sent to a destination; to one that is gone, or that an older version did not name, at the account's own. */
function rowsOf(route: RouteView, further: readonly RouteView[], rows: readonly DeliveryRow[]): DeliveryRow[] {
  const idOf = ({ destination }: RouteView) => destination?.settings.id;
  if (further.includes(route)) return rows.filter((row) => row.destination === idOf(route));
  return rows.filter(
    (row) => row.account === route.settings.id && !further.some((one) => idOf(one) === row.destination),
  );
}

interface CardProps {
  route: RouteView;
  isFurther: boolean;
  rows: Rows;
  now: number;
  actions: Actions;
  onChange(): void;
}

function DestinationCard({ route, isFurther, rows, now, actions, onChange }: CardProps) {
  const isEditing = useSignal(false);
  const { settings, destination, advice } = route;
  if (destination === null) return null;
  const { url, kind, fingerprint, provenAt } = destination;
  const { id } = destination.settings;
  const name = titleOf(route);
  return (
    <section class="card" data-destination={url} aria-label={say('destination_of', name, url)}>
      <header class="row">
        <h3 class="grow address">{url}</h3>
        <strong>{route.says}</strong>
      </header>
      <dl class="facts">
        <dt>{say('label_account')}</dt>
        <dd>
          {name} {isFurther ? <small>{say('destination_further')}</small> : null}
        </dd>
        <dt>{say('destination_kind')}</dt>
        <dd>{say(`destination_kind_${kind}`)}</dd>
        {kind === 'signed' && (
          <>
            <dt>{say('destination_fingerprint')}</dt>
            <dd>{fingerprint ? <code>{fingerprint}</code> : say('destination_no_key')}</dd>
            <dt>{say('destination_proven')}</dt>
            <dd>{provenAt === null ? say('destination_never') : formatMoment(provenAt, now)}</dd>
          </>
        )}
      </dl>
      {isUnpaired(destination.settings) && <p class="note bad">{say('destination_unpaired')}</p>}
      {advice && (
        <Advice
          advice={advice}
          account={settings.id}
          destination={id}
          actions={actions}
          bad={route.status === 'failed'}
        />
      )}
      <div class="row top">
        <DestinationTest account={settings.id} destination={id} actions={actions} />
        <button type="button" data-action="edit-destination" onClick={() => (isEditing.value = true)}>
          {say('destination_change')}
        </button>
      </div>
      {isEditing.value && (
        <DestinationForm
          account={settings.id}
          destination={destination.settings}
          actions={actions}
          toCommand={(form) => ({ type: 'save-destination', account: settings.id, destination: id, form })}
          onDone={() => (isEditing.value = false)}
        />
      )}
      <h4>{say('deliveries_title')}</h4>
      {rows === 'reading' && <p role="status">{say('reading')}</p>}
      {rows === 'failed' && (
        <p class="note bad" role="alert">
          {say('deliveries_failed')}{' '}
          <button type="button" onClick={onChange}>
            {say('try_again')}
          </button>
        </p>
      )}
      {typeof rows !== 'string' && (
        <Deliveries
          rows={rows}
          route={route}
          destination={destination.settings}
          now={now}
          actions={actions}
          onChange={onChange}
        />
      )}
    </section>
  );
}
