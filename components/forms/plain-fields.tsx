import { givesUp } from '../../utils/domain/accounts/plain-tradeoffs.ts';
import type { DestinationForm } from '../../utils/domain/accounts/settings.ts';
import { say } from '../../utils/domain/base/words.ts';
import { Field } from '../ui/field.tsx';
import { PlainExtras, PresetField } from './plain-extras.tsx';
import { StatusFields } from './status-fields.tsx';

type Plain = Extract<DestinationForm, { kind: 'plain' }>;
type Authorization = Plain['authorization']['kind'];

interface Props {
  form: Plain;
  of(field: string): string | null;
  put(change: object): void;
}

/** What an update endpoint that a person already has wants to be told. */
export function PlainFields({ form, of, put }: Props) {
  const { method, format, field, authorization, success, status = null, secret } = form;
  if (status?.kind === 'openalgo')
    return (
      <>
        <PresetField form={form} put={put} />
        <p class="note">{say('openalgo_note')}</p>
      </>
    );
  return (
    <>
      <PresetField form={form} put={put} />
      <p class="note">{givesUp(form).join(' ')}</p>
      <Field label={say('plain_method')} name="method" problem={of('method')}>
        {(props) => (
          <select {...props} value={method} onChange={(event) => put(withMethod(event.currentTarget.value, format))}>
            <option>POST</option>
            <option>PUT</option>
            <option>PATCH</option>
            <option>GET</option>
          </select>
        )}
      </Field>
      <Field label={say('plain_body')} name="format" problem={of('format')}>
        {(props) => (
          <select {...props} value={format} onChange={(event) => put({ format: event.currentTarget.value })}>
            <option value="json">JSON</option>
            <option value="form">{say('plain_body_form')}</option>
            <option value="query">{say('plain_body_query')}</option>
          </select>
        )}
      </Field>
      <Field label={say('plain_field')} name="field" problem={of('field')}>
        {(props) => (
          <input {...props} value={field} onInput={(event) => put({ field: event.currentTarget.value.trim() })} />
        )}
      </Field>
      <Field label={say('plain_authorization')} name="authorization" problem={of('authorization')}>
        {(props) => (
          <select
            {...props}
            value={authorization.kind}
            onChange={(event) => put({ authorization: newAuthorization(event.currentTarget.value as Authorization) })}
          >
            <option value="none">{say('plain_authorization_none')}</option>
            <option value="bearer">{say('plain_authorization_bearer')}</option>
            <option value="header">{say('plain_authorization_header')}</option>
          </select>
        )}
      </Field>
      {authorization.kind === 'header' ? (
        <Field label={say('plain_header')} name="authorization.name" problem={of('authorization.name')}>
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
        <SecretField label={say('plain_secret')} secret={secret} problem={of('secret')} put={put} />
      )}
      <StatusFields status={status} of={of} put={put} />
      <PlainExtras form={form} of={of} put={put} />
      <Field label={say('plain_success')} name="success" problem={of('success')} hint={say('plain_success_hint')}>
        {(props) => (
          <div class="row">
            <input
              {...props}
              class="grow"
              aria-label={say('plain_success_path')}
              placeholder={say('plain_success_path')}
              value={success?.path ?? ''}
              onInput={(event) => put({ success: newRule(event.currentTarget.value, success?.equals ?? 'true') })}
            />
            <input
              class="grow"
              aria-label={say('plain_success_equals')}
              placeholder={success === null ? '' : say('plain_success_equals')}
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

/** A secret, hidden while it is typed; what is stored never comes back here. */
export function SecretField({
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

function newAuthorization(kind: Authorization): Plain['authorization'] {
  return kind === 'header' ? { kind, name: 'X-Api-Key' } : { kind };
}

/** A GET has no body, so its fields stand in the address. */
function withMethod(method: string, format: Plain['format']) {
  if (method === 'GET') return { method, format: 'query' };
  return { method, format: format === 'query' ? 'json' : format };
}

function newRule(path: string, equals: string): Plain['success'] {
  return path.trim() === '' ? null : { path: path.trim(), equals };
}
