import { useSignal } from '@preact/signals';
import { addDays, type OwnDay, OwnDays, readHolidays } from '../utils/domain/calendar.ts';
import { MARKETS } from '../utils/domain/market.ts';
import type { Preferences } from '../utils/domain/preferences.ts';
import { check, explain } from '../utils/domain/schema.ts';
import { formatClock, readClock } from '../utils/domain/time.ts';
import { Field } from './field.tsx';

interface Props {
  preferences: Preferences;
  save(change: Partial<Preferences>): Promise<boolean>;
}

/** The days that the person knows better than the built-in list, and a year's list taken in whole. */
export function MarketDays({ preferences: { own, market }, save }: Props) {
  const through = [MARKETS[market].days.validThrough, own.through ?? ''].sort().at(-1);
  const remove = (date: string) => save({ own: { ...own, days: own.days.filter((one) => one.date !== date) } });
  return (
    <>
      <h3>Market days</h3>
      <p class="soft">
        {through ? `Holidays are known to ${through}.` : 'No list of holidays is built in for this market.'} Any other
        day from Monday to Friday counts as a trading day.
      </p>
      <ul class="hosts">
        {own.days.map((day) => (
          <li key={day.date} data-day={day.date}>
            <code>{day.date}</code>
            <span>{tell(day)}</span>
            <button type="button" class="quiet" aria-label={`Remove ${day.date}`} onClick={() => void remove(day.date)}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <AddDay own={own} save={save} />
      <ImportDays own={own} save={save} />
    </>
  );
}

function tell({ kind, name, hours }: OwnDay): string {
  const at = hours ? `, ${formatClock(hours.from)} to ${formatClock(hours.to)}` : '';
  return [kind === 'holiday' ? 'no trading' : `trading${at}`, name].filter(Boolean).join(': ');
}

function AddDay({ own, save }: { own: OwnDays; save: Props['save'] }) {
  const text = useSignal({ date: '', kind: 'holiday' as OwnDay['kind'], from: '', to: '' });
  const problem = useSignal<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const { date, kind, from, to } = text.value;
    const hours = from.trim() === '' && to.trim() === '' ? null : { from: readClock(from), to: readClock(to) };
    const added = check(OwnDays, { days: [{ date: date.trim(), kind, name: '', hours }], through: null });
    problem.value = added.ok
      ? null
      : explain(added.problems.map((one) => ({ ...one, field: one.field.replace(/^days\.0\.?/, '') })));
    if (added.ok && (await save({ own: addDays(own, added.value) }))) text.value = { ...text.value, date: '' };
  };
  const put = (change: Partial<typeof text.value>) => {
    text.value = { ...text.value, ...change };
    problem.value = null;
  };
  return (
    <form onSubmit={submit} noValidate aria-label="A day of my own">
      <Field
        label="A day of my own"
        name="own-day"
        hint="Like 2026-11-20. Hours only for a special session."
        problem={problem.value}
      >
        {(props) => (
          <div class="row">
            <input
              {...props}
              class="grow"
              placeholder="2026-11-20"
              value={text.value.date}
              onInput={(event) => put({ date: event.currentTarget.value })}
            />
            <select
              aria-label="What it is"
              value={text.value.kind}
              onChange={(event) => put({ kind: event.currentTarget.value as OwnDay['kind'] })}
            >
              <option value="holiday">no trading</option>
              <option value="trading">trading</option>
            </select>
            <input
              aria-label="from"
              placeholder="18:00"
              value={text.value.from}
              onInput={(event) => put({ from: event.currentTarget.value })}
            />
            <input
              aria-label="to"
              placeholder="19:00"
              value={text.value.to}
              onInput={(event) => put({ to: event.currentTarget.value })}
            />
            <button type="submit" data-action="add-day">
              Add
            </button>
          </div>
        )}
      </Field>
    </form>
  );
}

function ImportDays({ own, save }: { own: OwnDays; save: Props['save'] }) {
  const text = useSignal('');
  const problem = useSignal<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const read = readHolidays(text.value);
    problem.value = read.ok ? null : explain(read.problems);
    if (read.ok && (await save({ own: addDays(own, read.value) }))) text.value = '';
  };
  return (
    <form onSubmit={submit} noValidate aria-label="A year’s list">
      <Field
        label="A year’s list of holidays"
        name="holidays"
        hint="One a line, as your exchange publishes it: 26-Jan-2027 Republic Day."
        problem={problem.value}
      >
        {(props) => (
          <textarea
            {...props}
            value={text}
            onInput={(event) => {
              text.value = event.currentTarget.value;
              problem.value = null;
            }}
          />
        )}
      </Field>
      <div class="row">
        <button type="submit" data-action="import-days">
          Take the list in
        </button>
      </div>
    </form>
  );
}
