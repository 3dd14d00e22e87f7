import './deliveries.css';
import { useSignal } from '@preact/signals';
import type { Destination } from '../../utils/domain/accounts/settings.ts';
import { formatMoment } from '../../utils/domain/base/moment.ts';
import { tellProblems } from '../../utils/domain/base/tell-problem.ts';
import { say, sayCount } from '../../utils/domain/base/words.ts';
import type { DeliveryRow } from '../../utils/domain/records/delivery-log.ts';
import type { RouteView } from '../../utils/domain/view/overview.ts';
import { titleOf } from '../../utils/domain/view/title.ts';
import type { Actions } from '../ui/actions.ts';
import { Pill } from '../ui/pill.tsx';
import { answerOf, took, whatOf } from './answer.ts';
import { DeliveryFacts } from './delivery-facts.tsx';

interface Props {
  rows: readonly DeliveryRow[];
  route: RouteView;
  destination: Destination;
  now: number;
  actions: Actions;
  onChange(): void;
}

const FIRST = 12;

/** What was sent to one destination and what it answered, the newest first. */
export function Deliveries({ rows, ...rest }: Props) {
  const { route, destination } = rest;
  const name = titleOf(route);
  const showsAll = useSignal(false);
  const opened = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  if (rows.length === 0) return <p class="soft">{say('deliveries_none')}</p>;
  const shown = showsAll.value ? rows : rows.slice(0, FIRST);
  const redeliver = async (row: DeliveryRow) => {
    if (row.delivery === null || row.destination === null) return;
    const { delivery, destination } = row;
    const reply = await rest.actions.send({ type: 'redeliver', delivery, destination });
    problem.value = reply.ok ? null : tellProblems(reply.problems);
    rest.onChange();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard has to be able to scroll it where it is narrow. */}
      <section class="scrolls" tabIndex={0} aria-label={say('deliveries_of', name, destination.url)}>
        <table class="deliveries">
          <thead>
            <tr>
              <th scope="col">{say('deliveries_when')}</th>
              <th scope="col">{say('deliveries_what')}</th>
              <th scope="col">{say('deliveries_answer')}</th>
              <th scope="col">{say('deliveries_took')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row
                key={row.key}
                row={row}
                {...rest}
                isOpen={opened.value === row.key}
                onToggle={() => (opened.value = opened.value === row.key ? null : row.key)}
                onRedeliver={() => void redeliver(row)}
              />
            ))}
          </tbody>
        </table>
      </section>
      {problem.value !== null && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      {shown.length < rows.length && (
        <div>
          <button type="button" class="quiet" onClick={() => (showsAll.value = true)}>
            {sayCount('deliveries_more', rows.length - shown.length)}
          </button>
        </div>
      )}
    </>
  );
}

type RowProps = Omit<Props, 'rows' | 'actions' | 'onChange'> & {
  row: DeliveryRow;
  isOpen: boolean;
  onToggle(): void;
  onRedeliver(): void;
};

function Row({ row, route, destination, now, isOpen, onToggle, onRedeliver }: RowProps) {
  const { tone, text } = answerOf(row);
  const last = row.attempts.at(-1);
  const id = `delivery-${destination.id}-${row.key}`;
  return (
    <>
      <tr data-delivery={row.delivery ?? ''} data-what={row.what}>
        <td class="when">{formatMoment(row.at, now)}</td>
        <td>
          <button type="button" class="opens" aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
            <span class="sign" aria-hidden="true" /> {whatOf(row, route)}
          </button>
        </td>
        <td>
          <Pill tone={tone}>{text}</Pill>
          {row.canRedeliver && (
            <button type="button" class="small" data-action="redeliver" onClick={onRedeliver}>
              {say('deliveries_again')}
            </button>
          )}
        </td>
        <td class="took">{last ? took(last.ms) : ''}</td>
      </tr>
      <tr id={id} hidden={!isOpen} class="inside">
        <td colSpan={4}>
          {isOpen ? <DeliveryFacts row={row} route={route} destination={destination} now={now} /> : null}
        </td>
      </tr>
    </>
  );
}
