import { useSignal } from '@preact/signals';
import { check, type Problem } from '../utils/domain/schema.ts';
import { type Destination, DestinationForm as Form } from '../utils/domain/settings.ts';
import { hostPattern } from '../utils/domain/urls.ts';
import type { Actions } from './actions.ts';
import { Field } from './field.tsx';
import { problemOf, problemsOf } from './form.ts';

type Plain = Extract<Form, { kind: 'plain' }>;
type Authorization = Plain['authorization']['kind'];

const PLAIN: Plain = {
  kind: 'plain',
  url: '',
  method: 'POST',
  format: 'json',
  field: 'session_token',
  authorization: { kind: 'none' },
  success: null,
  secret: '',
};

/** Where an account's token goes: an endpoint that speaks the delivery contract, or any update endpoint a person already has. */
export function DestinationForm({
  account,
  destination,
  actions,
  onDone,
}: {
  account: string;
  destination: Destination | null;
  actions: Actions;
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
    await actions.allow([hostPattern(checked.value.url)]);
    const reply = await actions.send({ type: 'save-destination', account, form: checked.value });
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
            onInput={(event) => put({ url: event.currentTarget.value.trim() })}
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

function PlainFields({ form, of, put }: { form: Plain; of(field: string): string | null; put(change: object): void }) {
  const { method, format, field, authorization, success, secret } = form;
  return (
    <>
      <p class="note">
        This kind is unsigned: the answer cannot be proven, so Opening Bell only ever says “accepted”. A Zerodha token
        whose answer is lost is never sent again. What you enter as authorization is stored in this browser as it is.
      </p>
      <Field label="Method" name="method" problem={of('method')}>
        {(props) => (
          <select {...props} value={method} onChange={(event) => put({ method: event.currentTarget.value })}>
            <option>POST</option>
            <option>PUT</option>
          </select>
        )}
      </Field>
      <Field label="Body" name="format" problem={of('format')}>
        {(props) => (
          <select {...props} value={format} onChange={(event) => put({ format: event.currentTarget.value })}>
            <option value="json">JSON</option>
            <option value="form">Form</option>
          </select>
        )}
      </Field>
      <Field label="Field that holds the token" name="field" problem={of('field')}>
        {(props) => (
          <input {...props} value={field} onInput={(event) => put({ field: event.currentTarget.value.trim() })} />
        )}
      </Field>
      <Field label="Authorization" name="authorization" problem={of('authorization')}>
        {(props) => (
          <select
            {...props}
            value={authorization.kind}
            onChange={(event) => put({ authorization: newAuthorization(event.currentTarget.value as Authorization) })}
          >
            <option value="none">None</option>
            <option value="bearer">Bearer token</option>
            <option value="header">A header of its own</option>
          </select>
        )}
      </Field>
      {authorization.kind === 'header' ? (
        <Field label="Header name" name="authorization.name" problem={of('authorization.name')}>
          {(props) => (
            <input
              {...props}
              value={authorization.name}
              onInput={(event) => put({ authorization: { kind: 'header', name: event.currentTarget.value.trim() } })}
            />
          )}
        </Field>
      ) : null}
      {authorization.kind === 'none' ? null : (
        <SecretField label="Its value" secret={secret} problem={of('secret')} put={put} />
      )}
      <Field
        label="Success means"
        name="success"
        problem={of('success')}
        hint="Any 2xx answer, or also a value in its JSON, for example success is true."
      >
        {(props) => (
          <div class="row">
            <input
              {...props}
              class="grow"
              placeholder="any 2xx"
              aria-label="JSON path"
              value={success?.path ?? ''}
              onInput={(event) => put({ success: newRule(event.currentTarget.value, success?.equals ?? 'true') })}
            />
            <input
              class="grow"
              aria-label="must equal"
              placeholder="true"
              disabled={success === null}
              value={success?.equals ?? ''}
              onInput={(event) => put({ success: newRule(success?.path ?? '', event.currentTarget.value) })}
            />
          </div>
        )}
      </Field>
    </>
  );
}

function SecretField({
  label,
  hint,
  secret,
  problem,
  put,
}: {
  label: string;
  hint?: string;
  secret: string;
  problem: string | null;
  put(change: object): void;
}) {
  return (
    <Field label={label} name="secret" hint={hint} problem={problem}>
      {(props) => (
        <input
          {...props}
          type="password"
          autocomplete="off"
          value={secret}
          onInput={(event) => put({ secret: event.currentTarget.value.trim() })}
        />
      )}
    </Field>
  );
}

// A stored secret is never read back into a form: it is entered anew.
function initial(destination: Destination | null): Form {
  if (destination === null) return { kind: 'signed', url: '', secret: '' };
  if (destination.kind === 'signed') return { kind: 'signed', url: destination.url, secret: '' };
  const { url, method, format, field, authorization, success } = destination;
  return { kind: 'plain', url, method, format, field, authorization, success, secret: '' };
}

function newAuthorization(kind: Authorization): Plain['authorization'] {
  return kind === 'header' ? { kind, name: 'X-Api-Key' } : { kind };
}

function newRule(path: string, equals: string): Plain['success'] {
  return path.trim() === '' ? null : { path: path.trim(), equals };
}
