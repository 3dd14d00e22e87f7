import { useSignal } from '@preact/signals';
import { type Dashboard, DEFAULT_LIMITS, DashboardForm as Form } from '../utils/domain/dashboard.ts';
import { readRules, readSignals, writeRules, writeSignals } from '../utils/domain/dashboard-text.ts';
import type { AccountView } from '../utils/domain/overview.ts';
import { check, type Problem } from '../utils/domain/schema.ts';
import { SECOND } from '../utils/domain/time.ts';
import { hostPattern } from '../utils/domain/urls.ts';
import type { Actions } from './actions.ts';
import { Field } from './field.tsx';
import { problemOf, problemsOf } from './form.ts';

/** What the form holds: the lists as a person writes them, the limits in seconds. */
interface Written {
  origin: string;
  account: string;
  signals: string;
  rules: string;
  readSeconds: string;
  actSeconds: string;
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
  const problems = useSignal<readonly Problem[]>([]);
  const put = (change: Partial<Written>) => {
    form.value = { ...form.value, ...change };
    problems.value = [];
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const read = readForm(form.value);
    if ('problems' in read) {
      problems.value = read.problems;
      return;
    }
    // In the click itself: after a wait the browser would not ask.
    const granted = actions.allow([hostPattern(read.form.origin)]);
    if (!(await granted)) {
      problems.value = [{ field: 'origin', message: 'needs the browser’s permission' }];
      return;
    }
    const reply = await actions.send({ type: 'save-dashboard', id: dashboard?.id ?? null, form: read.form });
    problems.value = problemsOf(reply);
    if (reply.ok) onDone();
  };
  const of = (field: string) => problemOf(problems.value, field);
  const text = (name: keyof Written) => ({
    value: form.value[name],
    onInput: (event: { currentTarget: { value: string } }) => put({ [name]: event.currentTarget.value }),
  });
  return (
    <form class="card" onSubmit={submit} noValidate aria-label="Dashboard">
      <Field
        label="Address"
        name="origin"
        hint="Scheme, host and port, such as http://127.0.0.1:8000."
        problem={of('origin')}
      >
        {(props) => <input {...props} inputMode="url" {...text('origin')} />}
      </Field>
      <Field label="Account" name="account" hint="Whose login its requests wait for." problem={of('account')}>
        {(props) => (
          <select
            {...props}
            value={form.value.account}
            onChange={(event) => put({ account: event.currentTarget.value })}
          >
            {accounts.map((one) => (
              <option key={one.settings.id} value={one.settings.id}>
                {one.brokerName} {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Further signs of an ended session"
        name="signals"
        hint={
          'Optional, one a line: 440, or error.code=E7, or "please log in". auth_required and the brokers’ own errors are known.'
        }
        problem={of('signals')}
      >
        {(props) => <textarea {...props} rows={2} spellcheck={false} {...text('signals')} />}
      </Field>
      <Field
        label="What its requests do"
        name="rules"
        hint="Optional, one a line: POST /search* read, or GET /place* act. Without a rule GET and HEAD read, the rest may act."
        problem={of('rules')}
      >
        {(props) => <textarea {...props} rows={2} spellcheck={false} {...text('rules')} />}
      </Field>
      <Field label="Reads wait at most, in seconds" name="readLimitMs" problem={of('readLimitMs')}>
        {(props) => <input {...props} inputMode="numeric" {...text('readSeconds')} />}
      </Field>
      <Field label="What may act waits at most, in seconds" name="actLimitMs" problem={of('actLimitMs')}>
        {(props) => <input {...props} inputMode="numeric" {...text('actSeconds')} />}
      </Field>
      <Field
        label="Where to look a lost answer up"
        name="lookup"
        hint="Optional: a path with {key}, the Idempotency-Key that was sent. 200 means carried out, 404 never arrived."
        problem={of('lookup')}
      >
        {(props) => <input {...props} {...text('lookup')} />}
      </Field>
      <div class="row">
        <button type="submit" class="primary" data-action="save-dashboard">
          {dashboard ? 'Save' : 'Switch on'}
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function write(dashboard: Dashboard | null, account: string): Written {
  const { readLimitMs, actLimitMs } = dashboard ?? DEFAULT_LIMITS;
  return {
    origin: dashboard?.origin ?? '',
    account: dashboard?.account ?? account,
    signals: writeSignals(dashboard?.signals ?? []),
    rules: writeRules(dashboard?.rules ?? []),
    readSeconds: String(readLimitMs / SECOND),
    actSeconds: String(actLimitMs / SECOND),
    lookup: dashboard?.lookup ?? '',
  };
}

function readForm(written: Written): { form: Form } | { problems: readonly Problem[] } {
  const signals = readSignals(written.signals);
  const rules = readRules(written.rules);
  if (!signals.ok) return signals;
  if (!rules.ok) return rules;
  const checked = check(Form, {
    origin: written.origin.trim().replace(/\/$/, ''),
    account: written.account,
    signals: signals.value,
    rules: rules.value,
    readLimitMs: Number(written.readSeconds) * SECOND,
    actLimitMs: Number(written.actSeconds) * SECOND,
    lookup: written.lookup.trim() || null,
  });
  return checked.ok ? { form: checked.value } : checked;
}
