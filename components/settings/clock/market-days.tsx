import { useSignal } from '@preact/signals';
import { listDays, type MarketDayRow, yearsOf } from '../../../utils/domain/accounts/day-list.ts';
import type { Preferences } from '../../../utils/domain/accounts/preferences.ts';
import { dayInWords } from '../../../utils/domain/base/moment.ts';
import { tellProblems } from '../../../utils/domain/base/tell-problem.ts';
import { formatNumber, say } from '../../../utils/domain/base/words.ts';
import { addDays, type OwnDays } from '../../../utils/shared/calendar.ts';
import { endsSoon, knownThrough, type MarketId } from '../../../utils/shared/market.ts';
import { istClock } from '../../../utils/shared/time.ts';
import { Field } from '../../ui/field.tsx';
import { problemsOf } from '../../ui/form.ts';
import type { SectionProps } from '../section.tsx';
import { ImportDays, tellDayKind } from './import-days.tsx';
import { MarketOptions } from './market-options.tsx';
import { OwnDayForm } from './own-days.tsx';

/** Which market counts, the days it does not trade, and what the person knows better. */
export function MarketDays({ overview: { preferences }, now, actions }: SectionProps) {
  const { own, market } = preferences;
  const year = useSignal(Number(istClock(now).date.slice(0, 4)));
  const says = useSignal('');
  const save = async (change: Partial<Preferences>) => {
    const reply = await actions.send({ type: 'save-preferences', preferences: { ...preferences, ...change } });
    says.value = reply.ok ? say('settings_saved') : tellProblems(problemsOf(reply));
    return reply.ok;
  };
  const add = (added: OwnDays) => save({ own: addDays(own, added) });
  const remove = (date: string) => save({ own: { ...own, days: own.days.filter((one) => one.date !== date) } });
  const through = knownThrough(preferences);
  const ending = endsSoon(now, preferences);
  return (
    <>
      <div class="card">
        <div class="columns">
          <Field label={say('market_market')} name="market">
            {(props) => (
              <select
                {...props}
                value={market}
                onChange={(event) => void save({ market: event.currentTarget.value as MarketId })}
              >
                <MarketOptions />
              </select>
            )}
          </Field>
          <Field label={say('market_year')} name="year">
            {(props) => (
              <select {...props} value={year} onChange={(event) => (year.value = Number(event.currentTarget.value))}>
                {yearsOf(preferences, now).map((one) => (
                  <option key={one} value={one}>
                    {formatNumber(one, { useGrouping: false })}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <p role="status" class="says">
          {says}
        </p>
        {ending ? (
          <p class="problem" data-ends={ending}>
            {say('market_ends', dayInWords(ending))}
          </p>
        ) : null}
        <p class="soft">{through ? say('market_known_to', dayInWords(through)) : say('market_no_list')}</p>
        <Days rows={listDays(preferences, year.value)} year={year.value} onRemove={(date) => void remove(date)} />
      </div>
      <OwnDayForm save={add} />
      <ImportDays save={add} market={market} />
    </>
  );
}

function Days({ rows, year, onRemove }: { rows: readonly MarketDayRow[]; year: number; onRemove(date: string): void }) {
  if (rows.length === 0) return <p>{say('market_no_days', formatNumber(year, { useGrouping: false }))}</p>;
  return (
    <table class="days">
      <thead>
        <tr>
          <th scope="col">{say('label_day')}</th>
          <th scope="col">{say('market_is')}</th>
          <th scope="col">{say('market_from_whom')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.date} data-day={row.date}>
            <td class="when">{dayInWords(row.date)}</td>
            <td>
              {describeDay(row)} {row.name ? <span class="soft">{row.name}</span> : null}
            </td>
            <td>
              {row.isOwn ? say('market_yours') : say('market_exchange')}{' '}
              {row.isOwn && (
                <button
                  type="button"
                  class="small"
                  aria-label={say('market_remove_day', dayInWords(row.date))}
                  onClick={() => onRemove(row.date)}
                >
                  {say('settings_remove')}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function describeDay({ kind, hours, isOwn, isUsual }: MarketDayRow): string {
  // A day of one's own has the usual hours; a special session has others, which the exchange may not have said yet.
  if (kind === 'trading' && !hours && !isOwn && !isUsual) return say('market_trading_unknown');
  return tellDayKind({ kind, hours });
}
