import { useSignal } from '@preact/signals';
import { readHolidays, type Understood } from '../../../utils/domain/accounts/holidays/holiday-list.ts';
import { marketName } from '../../../utils/domain/base/market-words.ts';
import { dayInWords } from '../../../utils/domain/base/moment.ts';
import { tellProblems } from '../../../utils/domain/base/tell-problem.ts';
import { say, sayCount } from '../../../utils/domain/base/words.ts';
import type { OwnDay, OwnDays } from '../../../utils/shared/calendar.ts';
import type { MarketId } from '../../../utils/shared/market.ts';
import { formatClock } from '../../../utils/shared/time.ts';
import { useProblems } from '../../ui/checked-form.ts';
import { Field } from '../../ui/field.tsx';
import { FormCard } from '../../ui/form-card.tsx';

interface Props {
  market: MarketId;
  save(days: OwnDays): Promise<boolean>;
}

/** A year's list, as an exchange or a broker publishes it: what was understood is shown day by day before it counts. */
export function ImportDays({ market, save }: Props) {
  const text = useSignal('');
  const read = readHolidays(text.value, market);
  const problems = useProblems(read.ok ? [] : read.problems.map((one) => ({ ...one, field: 'holidays' })));
  const { of, tried, reset } = problems;
  // Each says itself which line it is about.
  const problem = read.ok || of('holidays') === null ? null : tellProblems(read.problems);
  const submit = async () => {
    if (!tried() || !read.ok || !(await save(read.value.list))) return;
    text.value = '';
    reset();
  };
  return (
    <FormCard
      label={say('market_list')}
      problems={problems}
      onSubmit={submit}
      buttons={
        <button type="submit" data-action="import-days">
          {say('market_import')}
        </button>
      }
    >
      <h3>{say('market_list')}</h3>
      <Field label={say('market_holidays')} name="holidays" hint={say('market_holidays_hint')} problem={problem}>
        {(props) => (
          <textarea {...props} rows={4} value={text} onInput={(event) => (text.value = event.currentTarget.value)} />
        )}
      </Field>
      {read.ok ? <Preview understood={read.value} market={market} /> : null}
    </FormCard>
  );
}

function Preview({ understood: { list, passed }, market }: { understood: Understood; market: MarketId }) {
  return (
    <div role="status" data-preview={list.days.length}>
      <p>{sayCount('market_understood', list.days.length, marketName(market))}</p>
      <table class="days">
        <tbody>
          {list.days.map((day) => (
            <tr key={day.date} data-understood={day.date}>
              <td class="when">{dayInWords(day.date)}</td>
              <td>
                {tellDayKind(day)} <span class="soft">{day.name}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {passed.length > 0 ? (
        <>
          <p>{say('market_passed')}</p>
          <ul class="soft">
            {passed.map(({ text, why }, index) => (
              <li key={`${index}-${text}`}>
                {text}: {say(`market_passed_${why}`)}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <p class="soft">
        {list.through === null ? say('market_single_day') : say('market_list_to', dayInWords(list.through))}
      </p>
    </div>
  );
}

/** What a day of the person's own is, in words. */
export function tellDayKind({ kind, hours }: Pick<OwnDay, 'kind' | 'hours'>): string {
  if (kind === 'holiday') return say('market_holiday');
  return hours ? say('market_trading_at', formatClock(hours.from), formatClock(hours.to)) : say('market_trading');
}
