import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { formatMoment } from '../../utils/domain/base/moment.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { DeliveryRow } from '../../utils/domain/records/delivery-log.ts';
import { isUnpaired } from '../../utils/domain/transfer/import-steps.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
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
  const all = overview.accounts.flatMap((account) => [account, ...account.copies]);
  if (all.every(({ destination }) => destination === null))
    return (
      <p>
        {say('destination_none')} <a href="#accounts">{say('settings_accounts')}</a>
      </p>
    );
  return all.map((account) => (
    <DestinationCard
      key={account.settings.id}
      account={account}
      rows={rows.value}
      now={now}
      actions={actions}
      onChange={() => void read()}
    />
  ));
}

interface CardProps {
  account: AccountView;
  rows: Rows;
  now: number;
  actions: Actions;
  onChange(): void;
}

function DestinationCard({ account, rows, now, actions, onChange }: CardProps) {
  const isEditing = useSignal(false);
  const { settings, destination, advice } = account;
  if (destination === null) return null;
  const { url, kind, fingerprint, provenAt } = destination;
  const name = titleOf(account);
  return (
    <section class="card" data-destination={url} aria-label={say('destination_of', name, url)}>
      <header class="row">
        <h3 class="grow address">{url}</h3>
        <strong>{account.says}</strong>
      </header>
      <dl class="facts">
        <dt>{say('label_account')}</dt>
        <dd>
          {name} {settings.copyOf === undefined ? null : <small>{say('destination_further')}</small>}
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
      {advice && <Advice advice={advice} account={settings.id} actions={actions} bad={account.status === 'failed'} />}
      <div class="row top">
        <DestinationTest account={settings.id} actions={actions} />
        <button type="button" data-action="edit-destination" onClick={() => (isEditing.value = true)}>
          {say('destination_change')}
        </button>
      </div>
      {isEditing.value && (
        <DestinationForm
          account={settings.id}
          destination={destination.settings}
          actions={actions}
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
          rows={rows.filter((row) => row.account === settings.id)}
          account={account}
          destination={destination.settings}
          now={now}
          actions={actions}
          onChange={onChange}
        />
      )}
    </section>
  );
}
