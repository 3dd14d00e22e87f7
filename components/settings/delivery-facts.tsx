import type { Destination } from '../../utils/domain/accounts/settings.ts';
import { formatNumber, say } from '../../utils/domain/base/words.ts';
import type { Attempt, DeliveryRow } from '../../utils/domain/records/delivery-log.ts';
import type { RouteView } from '../../utils/domain/view/overview.ts';
import { formatIst } from '../../utils/shared/time.ts';
import { meaningOf, nameOf, took } from './answer.ts';

const SHOWN_ATTEMPTS = 20;

/** One line of the log, opened: the request without its body, and every answer. */
export function DeliveryFacts({
  row,
  route,
  destination,
}: {
  row: DeliveryRow;
  route: RouteView;
  destination: Destination;
  now: number;
}) {
  const isHere = row.destination === destination.id;
  return (
    <div class="inside">
      <dl class="facts">
        <dt>{say('delivery_request')}</dt>
        <dd>{isHere ? <code>{addressOf(row, destination)}</code> : say('delivery_elsewhere')}</dd>
        <dt>{say('delivery_message')}</dt>
        <dd>{isHere ? messageOf(row, destination) : say('delivery_unknown')}</dd>
        <dt>{say('label_account')}</dt>
        <dd>{route.name}</dd>
        {row.delivery === null ? null : (
          <>
            <dt>{say('delivery_id')}</dt>
            <dd>
              <code>{row.delivery}</code>
            </dd>
          </>
        )}
        {row.bytes === null ? null : (
          <>
            <dt>{say('delivery_size')}</dt>
            <dd>{formatNumber(row.bytes, { style: 'unit', unit: 'byte', unitDisplay: 'long' })}</dd>
          </>
        )}
        {row.words === null ? null : (
          <>
            <dt>{say('delivery_words')}</dt>
            <dd>
              <q>{row.words}</q>
            </dd>
          </>
        )}
      </dl>
      <ol class="attempts">
        {row.attempts.slice(-SHOWN_ATTEMPTS).map((one) => (
          <li key={one.at}>
            <span class="when">{say('time_ist', formatIst(one.at, true))}</span> <b>{nameOf(one)}</b>{' '}
            <span class="soft">{took(one.ms)}</span>
            <Meaning attempt={one} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Meaning({ attempt }: { attempt: Attempt }) {
  const meaning = meaningOf(attempt);
  return meaning === null ? null : (
    <p class="soft">
      {meaning.says} <code>{meaning.code}</code>
    </p>
  );
}

function addressOf({ what }: DeliveryRow, destination: Destination): string {
  if (destination.kind === 'signed') return `POST ${destination.url}`;
  return what === 'proof'
    ? `GET ${destination.status?.url ?? destination.url}`
    : `${destination.method} ${destination.url}`;
}

function messageOf({ what }: DeliveryRow, destination: Destination): string {
  if (destination.kind === 'signed') return what === 'proof' ? 'session.check' : 'session.captured';
  return what === 'proof' ? say('delivery_status_page') : say('delivery_field', destination.field, destination.format);
}
