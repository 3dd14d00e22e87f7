import { useSignal } from '@preact/signals';
import { COOKIES, DATA_CONSENT, needsCookies } from '../utils/domain/hosts.ts';
import type { Command } from '../utils/domain/messages.ts';
import { movedTo } from '../utils/domain/presets.ts';
import { check, type Problem } from '../utils/domain/schema.ts';
import { type Destination, DestinationForm as Form } from '../utils/domain/settings.ts';
import { hostPattern } from '../utils/domain/urls.ts';
import type { Actions } from './actions.ts';
import { Field } from './field.tsx';
import { problemOf, problemsOf } from './form.ts';
import { PlainFields, SecretField } from './plain-fields.tsx';

type Plain = Extract<Form, { kind: 'plain' }>;

const PLAIN: Plain = {
  kind: 'plain',
  url: '',
  method: 'POST',
  format: 'json',
  field: 'session_token',
  authorization: { kind: 'none' },
  success: null,
  status: null,
  secret: '',
};

/** Where an account's token goes: an endpoint that speaks the delivery contract, or any update endpoint a person already has. */
export function DestinationForm({
  account,
  destination,
  actions,
  toCommand = (form) => ({ type: 'save-destination', account, form }),
  onDone,
}: {
  account: string;
  destination: Destination | null;
  actions: Actions;
  /** How the form is sent; to replace the account's destination unless told otherwise. */
  toCommand?(form: Form): Command;
  onDone(): void;
}) {
  const form = useSignal<Form>(initial(destination));
  const problems = useSignal<readonly Problem[]>([]);
  const put = (change: object) => {
    form.value = { ...form.value, ...change } as Form;
    problems.value = [];
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const checked = check(Form, form.value);
    if (!checked.ok) {
      problems.value = checked.problems;
      return;
    }
    const asked = [hostPattern(checked.value.url), DATA_CONSENT, ...(needsCookies(checked.value) ? [COOKIES] : [])];
    await actions.allow(asked);
    const reply = await actions.send(toCommand(checked.value));
    problems.value = problemsOf(reply);
    if (reply.ok) onDone();
  };
  const { kind, url, secret } = form.value;
  const of = (field: string) => problemOf(problems.value, field);
  return (
    <form class="card" onSubmit={submit} noValidate aria-label="Destination">
      <Field label="Kind" name="kind" problem={of('kind')}>
        {(props) => (
          <select
            {...props}
            value={kind}
            onChange={(event) =>
              put(event.currentTarget.value === 'plain' ? { ...PLAIN, url } : { kind: 'signed', url, secret: '' })
            }
          >
            <option value="signed">My backend speaks the delivery contract (signed, proven)</option>
            <option value="plain">My backend has its own update endpoint (unsigned, only “accepted”)</option>
          </select>
        )}
      </Field>
      <Field label="Address" name="url" hint="https, or http on this machine." problem={of('url')}>
        {(props) => (
          <input
            {...props}
            inputMode="url"
            value={url}
            onInput={(event) => put(withAddress(form.value, event.currentTarget.value.trim()))}
          />
        )}
      </Field>
      {kind === 'signed' ? (
        <SecretField
          label="Pairing secret"
          hint="Begins with whsec_. Kept as a key that cannot be read again."
          secret={secret}
          problem={of('secret')}
          put={put}
        />
      ) : (
        <PlainFields form={form.value as Plain} of={of} put={put} />
      )}
      <div class="row">
        <button type="submit" class="primary" data-action="save-destination">
          Allow and save
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function withAddress(form: Form, url: string): Partial<Plain> {
  return form.kind === 'plain' && form.status ? { url, status: movedTo(form.status, url) } : { url };
}

// A stored secret is never read back into a form: it is entered anew.
function initial(destination: Destination | null): Form {
  if (destination === null) return { kind: 'signed', url: '', secret: '' };
  if (destination.kind === 'signed') return { kind: 'signed', url: destination.url, secret: '' };
  const { id: _id, account: _account, savedAt: _savedAt, ...form } = destination;
  return { ...form, secret: '' };
}
