import { useSignal } from '@preact/signals';
import { type Checked, check } from '../../../utils/domain/base/check.ts';
import { say } from '../../../utils/domain/base/words.ts';
import { type Dashboard, DEFAULT_LIMITS, DashboardForm as Form } from '../../../utils/domain/dashboards/dashboard.ts';
import { readRules, readSignals, writeRules, writeSignals } from '../../../utils/domain/dashboards/dashboard-text.ts';
import type { AccountView } from '../../../utils/domain/view/overview.ts';
import { titleOf } from '../../../utils/domain/view/title.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import { hostPattern } from '../../../utils/shared/urls.ts';
import type { Actions } from '../../ui/actions.ts';
import { useProblems } from '../../ui/checked-form.ts';
import { Field } from '../../ui/field.tsx';
import { problemsOf } from '../../ui/form.ts';
import { FormCard } from '../../ui/form-card.tsx';

/** What the form holds: the lists as a person writes them, the limits in seconds. */
interface Written {
  origin: string;
  account: string;
  signals: string;
  rules: string;
  readLimitMs: string;
  actLimitMs: string;
  lookup: string;
}

/** A dashboard's switch: its address, its account, and what its requests mean. Saving asks the browser for the address. */
export function DashboardForm({
  dashboard,
  accounts,
  actions,
  onDone,
}: {
  dashboard: Dashboard | null;
  accounts: readonly AccountView[];
  actions: Actions;
  onDone(): void;
}) {
  const form = useSignal<Written>(write(dashboard, accounts[0]?.settings.id ?? ''));
  const read = readForm(form.value);
  const problems = useProblems(read.ok ? [] : read.problems);
  const { of, tried, refuse } = problems;
  const submit = async () => {
    if (!tried() || !read.ok) return;
    // In the click itself: after a wait the browser would not ask.
    const granted = actions.allow([hostPattern(read.value.origin)]);
    if (!(await granted)) return refuse([{ field: 'origin', message: say('problem_needs_permission') }]);
    const reply = await actions.send({ type: 'save-dashboard', id: dashboard?.id ?? null, form: read.value });
    if (reply.ok) onDone();
    else refuse(problemsOf(reply));
  };
  const text = (name: keyof Written) => ({
    value: form.value[name],
    onInput: (event: { currentTarget: { value: string } }) => {
      form.value = { ...form.value, [name]: event.currentTarget.value };
    },
  });
  return (
    <FormCard
      label={say('dashboard_form')}
      problems={problems}
      onSubmit={submit}
      buttons={
        <>
          <button type="submit" class="primary" data-action="save-dashboard">
            {dashboard ? say('settings_save') : say('dashboard_switch_on')}
          </button>
          <button type="button" class="quiet" onClick={onDone}>
            {say('cancel')}
          </button>
        </>
      }
    >
      <Field label={say('label_address')} name="origin" hint={say('dashboard_address_hint')} problem={of('origin')}>
        {(props) => <input {...props} inputMode="url" {...text('origin')} />}
      </Field>
      <Field label={say('label_account')} name="account" hint={say('dashboard_account_hint')} problem={of('account')}>
        {(props) => (
          <select {...props} {...text('account')}>
            {accounts.map((one) => (
              <option key={one.settings.id} value={one.settings.id}>
                {titleOf(one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={say('dashboard_signals')}
        name="signals"
        hint={say('dashboard_signals_hint')}
        problem={of('signals')}
      >
        {(props) => <textarea {...props} rows={2} spellcheck={false} {...text('signals')} />}
      </Field>
      <Field label={say('dashboard_rules')} name="rules" hint={say('dashboard_rules_hint')} problem={of('rules')}>
        {(props) => <textarea {...props} rows={2} spellcheck={false} {...text('rules')} />}
      </Field>
      <Field label={say('dashboard_read_limit')} name="readLimitMs" problem={of('readLimitMs')}>
        {(props) => <input {...props} inputMode="numeric" {...text('readLimitMs')} />}
      </Field>
      <Field label={say('dashboard_act_limit')} name="actLimitMs" problem={of('actLimitMs')}>
        {(props) => <input {...props} inputMode="numeric" {...text('actLimitMs')} />}
      </Field>
      <Field label={say('dashboard_lookup')} name="lookup" hint={say('dashboard_lookup_hint')} problem={of('lookup')}>
        {(props) => <input {...props} {...text('lookup')} />}
      </Field>
    </FormCard>
  );
}

function write(dashboard: Dashboard | null, account: string): Written {
  const { readLimitMs, actLimitMs } = dashboard ?? DEFAULT_LIMITS;
  return {
    origin: dashboard?.origin ?? '',
    account: dashboard?.account ?? account,
    signals: writeSignals(dashboard?.signals ?? []),
    rules: writeRules(dashboard?.rules ?? []),
    readLimitMs: String(readLimitMs / SECOND),
    actLimitMs: String(actLimitMs / SECOND),
    lookup: dashboard?.lookup ?? '',
  };
}

/** What was written as a form, or everything that is wrong with it; the limits in the seconds that stand there. */
function readForm(written: Written): Checked<Form> {
  const signals = readSignals(written.signals);
  const rules = readRules(written.rules);
  const checked = check(Form, {
    origin: written.origin.trim().replace(/\/$/, ''),
    account: written.account,
    signals: signals.ok ? signals.value : [],
    rules: rules.ok ? rules.value : [],
    readLimitMs: Number(written.readLimitMs) * SECOND,
    actLimitMs: Number(written.actLimitMs) * SECOND,
    lookup: written.lookup.trim() || null,
  });
  const problems = [signals, rules, checked].flatMap((one) => (one.ok ? [] : one.problems));
  const told = problems.map((one) => (/LimitMs$/.test(one.field) ? { ...one, message: say('problem_seconds') } : one));
  return checked.ok && told.length === 0 ? checked : { ok: false, problems: told };
}
