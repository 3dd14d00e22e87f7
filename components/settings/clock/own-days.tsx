import { useSignal } from '@preact/signals';
import { type Checked, check } from '../../../utils/domain/base/check.ts';
import { say } from '../../../utils/domain/base/words.ts';
import { type OwnDay, OwnDays } from '../../../utils/shared/calendar.ts';
import { readClock } from '../../../utils/shared/time.ts';
import { useProblems } from '../../ui/checked-form.ts';
import { Field } from '../../ui/field.tsx';
import { FormCard } from '../../ui/form-card.tsx';

interface Props {
  save(days: OwnDays): Promise<boolean>;
}

interface Written {
  date: string;
  kind: OwnDay['kind'];
  name: string;
  from: string;
  to: string;
}
const EMPTY: Written = { date: '', kind: 'holiday', name: '', from: '', to: '' };

/** A day that the person knows better than the exchange's list. */
export function OwnDayForm({ save }: Props) {
  const text = useSignal(EMPTY);
  const read = readDay(text.value);
  const problems = useProblems(read.ok ? [] : read.problems);
  const { of, tried, reset } = problems;
  const submit = async () => {
    if (!tried() || !read.ok || !(await save(read.value))) return;
    text.value = EMPTY;
    reset();
  };
  const written = (name: keyof Written) => ({
    value: text.value[name],
    onInput: (event: { currentTarget: { value: string } }) => {
      text.value = { ...text.value, [name]: event.currentTarget.value };
    },
  });
  return (
    <FormCard
      label={say('market_own_day')}
      problems={problems}
      onSubmit={submit}
      buttons={
        <button type="submit" data-action="add-day">
          {say('market_add')}
        </button>
      }
    >
      <h3>{say('market_own_day')}</h3>
      <div class="columns">
        <Field label={say('market_date')} name="date" hint={say('market_date_hint')} problem={of('date')}>
          {(props) => <input {...props} autocomplete="off" {...written('date')} />}
        </Field>
        <Field label={say('market_is')} name="kind">
          {(props) => (
            <select {...props} {...written('kind')}>
              <option value="holiday">{say('market_holiday')}</option>
              <option value="trading">{say('market_trading')}</option>
            </select>
          )}
        </Field>
        <Field label={say('label_name')} name="name" hint={say('market_name_hint')} problem={of('name')}>
          {(props) => <input {...props} {...written('name')} />}
        </Field>
      </div>
      {text.value.kind === 'trading' && (
        <div class="columns">
          <Field label={say('market_from')} name="from" hint={say('market_hours_hint')} problem={of('from')}>
            {(props) => <input {...props} {...written('from')} />}
          </Field>
          <Field label={say('market_to')} name="to" problem={of('to')}>
            {(props) => <input {...props} {...written('to')} />}
          </Field>
        </div>
      )}
    </FormCard>
  );
}

/** One day as a list of one, its problems by the names of the form's own fields. */
function readDay({ date, kind, name, from, to }: Written): Checked<OwnDays> {
  const hasHours = kind === 'trading' && (from.trim() !== '' || to.trim() !== '');
  const times = { from: readClock(from), to: readClock(to) };
  const unread = (['from', 'to'] as const).filter((end) => hasHours && times[end] === null);
  const day = { date: date.trim(), kind, name: name.trim(), hours: hasHours ? times : null };
  const checked = check(OwnDays, { days: [day], through: null });
  if (checked.ok) return checked;
  const others = checked.problems
    .map((one) => ({ ...one, field: one.field.replace(/^days\.0\.(hours\.)?/, '') }))
    .filter(({ field }) => !unread.some((end) => field.startsWith(end)));
  const problems = unread.map((field) => ({ field, message: say('problem_time_of_day', '18:00') }));
  return { ok: false, problems: [...problems, ...others] };
}
