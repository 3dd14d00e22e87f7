import { type HostNeed, needsCookies } from '../../utils/domain/accounts/hosts.ts';
import { movedTo } from '../../utils/domain/accounts/known-systems.ts';
import { COOKIES, DATA_CONSENT } from '../../utils/domain/accounts/permission-names.ts';
import { type Destination, DestinationForm as Form, formOf } from '../../utils/domain/accounts/settings.ts';
import { check } from '../../utils/domain/base/check.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { Command } from '../../utils/domain/hold/messages.ts';
import { DestinationUrl, hostPattern } from '../../utils/shared/urls.ts';
import type { Actions } from '../ui/actions.ts';
import { focusWrong, useChecked } from '../ui/checked-form.ts';
import { Field } from '../ui/field.tsx';
import { problemsOf } from '../ui/form.ts';
import { FormCard } from '../ui/form-card.tsx';
import { Hosts } from '../ui/hosts.tsx';
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

interface Props {
  account: string;
  destination: Destination | null;
  /** The address that was typed before and not saved. */
  address?: string;
  actions: Actions;
  /** Every address the account needs with this destination: shown, and asked for in the one click. Without it, the destination's alone. */
  needs?(destination: Destination): readonly HostNeed[];
  /** How the form is sent; to replace the account's destination unless told otherwise. */
  toCommand?(form: Form): Command;
  /** Hears every address that is typed, so that it is not lost. */
  onAddress?(url: string): void;
  onDone(): void;
  /** Null where there is nothing to go back to. */
  onCancel?: (() => void) | null;
}

/** Where an account's token goes: an endpoint that speaks the delivery contract, or any update endpoint a person already has. */
export function DestinationForm(props: Props) {
  const { account, destination, address = '', actions, needs, onAddress, onDone, onCancel = onDone } = props;
  const { toCommand = (form: Form): Command => ({ type: 'save-destination', account, form }) } = props;
  const form = useChecked(Form, () => initial(destination, address));
  const { kind, url, secret } = form.value;
  const submit = async (event: SubmitEvent) => {
    const checked = form.send();
    if (!checked.ok) return focusWrong(event.currentTarget);
    // The browser asks only in the click itself, so this comes before anything that is awaited.
    await actions.allow(patternsOf(checked.value, needs));
    const reply = await actions.send(toCommand(checked.value));
    form.refuse(problemsOf(reply));
    if (reply.ok) onDone();
  };
  const hosts = needs && check(DestinationUrl, url).ok ? needs(preview(form.value)) : [];
  return (
    <FormCard
      label={say('destination_form')}
      problems={form}
      onSubmit={submit}
      buttons={
        <>
          <button type="submit" class="primary" data-action="save-destination">
            {say('destination_save')}
          </button>
          {onCancel && (
            <button type="button" class="quiet" onClick={onCancel}>
              {say('cancel')}
            </button>
          )}
        </>
      }
    >
      <Field label={say('destination_kind')} name="kind" problem={form.of('kind')}>
        {(field) => (
          <select
            {...field}
            value={kind}
            onChange={(event) =>
              form.replace(
                event.currentTarget.value === 'plain' ? { ...PLAIN, url } : { kind: 'signed', url, secret: '' },
              )
            }
          >
            <option value="signed">{say('destination_kind_signed')}</option>
            <option value="plain">{say('destination_kind_plain')}</option>
          </select>
        )}
      </Field>
      <Field label={say('label_address')} name="url" hint={say('destination_address_hint')} problem={form.of('url')}>
        {(field) => (
          <input
            {...field}
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            value={url}
            onInput={(event) => {
              const typed = event.currentTarget.value.trim();
              form.put(withAddress(form.value, typed));
              onAddress?.(typed);
            }}
          />
        )}
      </Field>
      {kind === 'signed' ? (
        <SecretField
          label={say('destination_secret')}
          hint={say('destination_secret_hint', 'whsec_')}
          secret={secret}
          problem={form.of('secret')}
          put={form.put}
        />
      ) : (
        <PlainFields form={form.value as Plain} of={form.of} put={form.put} />
      )}
      {hosts.length > 0 ? (
        <>
          <p>{say('hosts_will_ask')}</p>
          <Hosts hosts={hosts} />
        </>
      ) : null}
    </FormCard>
  );
}

function withAddress(form: Form, url: string): Partial<Plain> {
  return form.kind === 'plain' && form.status ? { url, status: movedTo(form.status, url) } : { url };
}

function initial(destination: Destination | null, url: string): Form {
  return destination ? formOf(destination) : { kind: 'signed', url, secret: '' };
}

/** The form as the destination it would become. */
function preview({ secret: _secret, ...form }: Form): Destination {
  const ours = { id: 'preview0', account: 'preview0', savedAt: 0, createdAt: 0 };
  return form.kind === 'signed' ? { ...form, ...ours, fingerprint: '' } : { ...form, ...ours };
}

function patternsOf(form: Form, needs: Props['needs']): string[] {
  if (needs) return needs(preview(form)).map(({ pattern }) => pattern);
  return [hostPattern(form.url), DATA_CONSENT, ...(needsCookies(form) ? [COOKIES] : [])];
}
