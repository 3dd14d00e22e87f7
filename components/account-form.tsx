import { useSignal } from '@preact/signals';
import { brokers } from '../utils/domain/brokers/index.ts';
import { check, type Problem } from '../utils/domain/schema.ts';
import { type Account, AccountForm as Form } from '../utils/domain/settings.ts';
import type { Actions } from './actions.ts';
import { Field } from './field.tsx';
import { problemOf, problemsOf } from './form.ts';

const EMPTY: Form = { broker: 'zerodha', name: '', apiKey: '', redirectUrl: '', mode: 'seal', expectedUser: null };

/** An account entered by hand; every field says what is wrong with it. */
export function AccountForm({
  account,
  actions,
  onDone,
}: {
  account: Account | null;
  actions: Actions;
  onDone(): void;
}) {
  const form = useSignal<Form>(account ? pick(account) : EMPTY);
  const problems = useSignal<readonly Problem[]>([]);
  const put = (change: Partial<Form>) => {
    form.value = { ...form.value, ...change };
    problems.value = [];
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const checked = check(Form, form.value);
    if (!checked.ok) {
      problems.value = checked.problems;
      return;
    }
    const reply = await actions.send({ type: 'save-account', id: account?.id ?? null, form: checked.value });
    problems.value = problemsOf(reply);
    if (reply.ok) onDone();
  };
  const { broker, name, apiKey, redirectUrl, mode, expectedUser } = form.value;
  const of = (field: string) => problemOf(problems.value, field);
  return (
    <form class="card" onSubmit={submit} noValidate aria-label="Account">
      <Field label="Broker" name="broker" problem={of('broker')}>
        {(props) => (
          <select
            {...props}
            value={broker}
            onChange={(event) => put({ broker: event.currentTarget.value as Form['broker'] })}
          >
            {Object.values(brokers).map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Name"
        name="name"
        hint="How your backend knows this account, for example zerodha."
        problem={of('name')}
      >
        {(props) => <input {...props} value={name} onInput={(event) => put({ name: event.currentTarget.value })} />}
      </Field>
      <Field
        label="API key"
        name="apiKey"
        hint="The public key of your app at the broker. Never the API secret."
        problem={of('apiKey')}
      >
        {(props) => (
          <input
            {...props}
            autocomplete="off"
            spellcheck={false}
            value={apiKey}
            onInput={(event) => put({ apiKey: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field
        label="Redirect URL"
        name="redirectUrl"
        hint="Exactly as registered at the broker, with http:// or https://."
        problem={of('redirectUrl')}
      >
        {(props) => (
          <input
            {...props}
            inputMode="url"
            value={redirectUrl}
            onInput={(event) => put({ redirectUrl: event.currentTarget.value.trim() })}
          />
        )}
      </Field>
      <Field label="The redirect page" name="mode" problem={of('mode')}>
        {(props) => (
          <select
            {...props}
            value={mode}
            onChange={(event) => put({ mode: event.currentTarget.value as Form['mode'] })}
          >
            <option value="seal">is a dummy: never open it, keep the token off the network</option>
            <option value="forward">is a page of mine: let it load too</option>
            <option value="observe">is my backend’s own callback: it takes the token itself, send nothing</option>
          </select>
        )}
      </Field>
      <Field
        label="Your user id at the broker"
        name="expectedUser"
        hint="Optional: logins of anybody else are refused."
        problem={of('expectedUser')}
      >
        {(props) => (
          <input
            {...props}
            autocomplete="off"
            value={expectedUser ?? ''}
            onInput={(event) => put({ expectedUser: event.currentTarget.value.trim() || null })}
          />
        )}
      </Field>
      <div class="row">
        <button type="submit" class="primary" data-action="save-account">
          Save account
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function pick({ broker, name, apiKey, redirectUrl, mode, expectedUser }: Account): Form {
  return { broker, name, apiKey, redirectUrl, mode, expectedUser };
}
