import { useSignal } from '@preact/signals';
import { Preferences } from '../../../utils/domain/accounts/preferences.ts';
import { type Checked, check, type ToldProblem } from '../../../utils/domain/base/check.ts';
import { say } from '../../../utils/domain/base/words.ts';
import type { ClockTime } from '../../../utils/shared/clock-time.ts';
import { formatClock, readClock } from '../../../utils/shared/time.ts';
import { useProblems } from '../../ui/checked-form.ts';
import { Field } from '../../ui/field.tsx';
import { problemsOf } from '../../ui/form.ts';
import { FormCard } from '../../ui/form-card.tsx';
import type { SectionProps } from '../section.tsx';

/** When and how a person wants to be reminded. */
export function RemindersForm({ overview, actions }: SectionProps) {
  const { preferences, canNotify } = overview;
  const text = useSignal(textOf(preferences));
  const says = useSignal('');
  const read = readText(text.value, preferences);
  const problems = useProblems(read.ok ? [] : read.problems);
  const { of, tried, refuse } = problems;
  const put = (change: Partial<Text>) => {
    text.value = { ...text.value, ...change };
    says.value = '';
  };
  const submit = async () => {
    if (!tried() || !read.ok) return;
    const { notify } = read.value;
    // The browser asks only in the click itself, so this comes before anything that is awaited.
    const isAllowed = !notify || canNotify || (await actions.askToNotify());
    if (!isAllowed) put({ notify: false });
    const reply = await actions.send({
      type: 'save-preferences',
      preferences: { ...read.value, notify: notify && isAllowed },
    });
    refuse(problemsOf(reply));
    if (reply.ok) says.value = isAllowed ? say('settings_saved') : say('reminders_refused');
  };
  const { notify } = text.value;
  const written = (name: 'morning' | 'quietFrom' | 'quietTo') => ({
    value: text.value[name],
    onInput: (event: { currentTarget: { value: string } }) => put({ [name]: event.currentTarget.value }),
  });
  return (
    <FormCard
      label={say('settings_reminders')}
      problems={problems}
      onSubmit={submit}
      buttons={
        <>
          <button type="submit" class="primary" data-action="save-reminders">
            {say('reminders_save')}
          </button>
          <span role="status">{says}</span>
        </>
      }
    >
      <label class="row">
        <input
          type="checkbox"
          name="notify"
          checked={notify}
          onChange={(event) => put({ notify: event.currentTarget.checked })}
        />
        <span>
          {notify && preferences.notify && !canNotify ? say('reminders_notify_not_allowed') : say('reminders_notify')}
        </span>
      </label>
      <Field
        label={say('reminders_morning')}
        name="morning"
        hint={say('reminders_morning_hint')}
        problem={of('morning')}
      >
        {(props) => <input {...props} {...written('morning')} />}
      </Field>
      <div class="columns">
        <Field
          label={say('reminders_quiet_from')}
          name="quiet.from"
          hint={say('reminders_quiet_hint')}
          problem={of('quiet.from')}
        >
          {(props) => <input {...props} {...written('quietFrom')} />}
        </Field>
        <Field label={say('reminders_quiet_to')} name="quiet.to" problem={of('quiet.to')}>
          {(props) => <input {...props} {...written('quietTo')} />}
        </Field>
      </div>
    </FormCard>
  );
}

interface Text {
  notify: boolean;
  morning: string;
  quietFrom: string;
  quietTo: string;
}

function textOf({ notify, morning, quiet }: Preferences): Text {
  return {
    notify,
    morning: formatClock(morning),
    quietFrom: quiet ? formatClock(quiet.from) : '',
    quietTo: quiet ? formatClock(quiet.to) : '',
  };
}

function readText({ notify, morning, quietFrom, quietTo }: Text, preferences: Preferences): Checked<Preferences> {
  const problems: ToldProblem[] = [];
  const read = (field: string, text: string): ClockTime => {
    const clock = readClock(text);
    if (!clock) problems.push({ field, message: say('problem_time_of_day', '08:45') });
    return clock ?? { hour: 0, minute: 0 };
  };
  const isNeverQuiet = quietFrom.trim() === '' && quietTo.trim() === '';
  const quiet = isNeverQuiet ? null : { from: read('quiet.from', quietFrom), to: read('quiet.to', quietTo) };
  const times = { morning: read('morning', morning), quiet };
  return problems.length > 0 ? { ok: false, problems } : check(Preferences, { ...preferences, ...times, notify });
}
