import { otherBrokers } from '../../utils/domain/accounts/other-brokers.ts';
import type { AccountForm } from '../../utils/domain/accounts/settings.ts';
import { say } from '../../utils/domain/base/words.ts';
import { tellBroker } from '../../utils/domain/doctor/doctor.ts';
import type { Finding } from '../../utils/domain/doctor/finding.ts';
import { brokers } from '../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../utils/shared/contract.ts';
import { RedirectMode } from '../../utils/shared/pairing.ts';
import type { CheckedForm } from '../ui/checked-form.ts';
import { Field } from '../ui/field.tsx';
import { Findings } from '../ui/findings.tsx';
import { Registration } from './registration.tsx';

interface Part {
  form: CheckedForm<AccountForm>;
  put(change: Partial<AccountForm>): void;
}
type Examined = Part & { shown(field: Finding['field']): readonly Finding[] };

export function BrokerField({ form, put }: Part) {
  return (
    <Field
      label={say('account_broker')}
      name="broker"
      hint={tellBroker(form.value.broker)}
      problem={form.of('broker')}
      notes={<OtherBrokers />}
    >
      {(props) => (
        <select
          {...props}
          value={form.value.broker}
          onChange={(event) => put({ broker: event.currentTarget.value as BrokerId })}
        >
          {Object.values(brokers).map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Who is missing in the list, and why. */
function OtherBrokers() {
  return (
    <details>
      <summary>{say('other_brokers')}</summary>
      <ul>
        {otherBrokers().map(({ name, says }) => (
          <li key={name}>{says}</li>
        ))}
      </ul>
    </details>
  );
}

export function NameField({ form, put }: Part) {
  return (
    <Field label={say('label_name')} name="name" hint={say('account_name_hint')} problem={form.of('name')}>
      {(props) => (
        <input {...props} value={form.value.name} onInput={(event) => put({ name: event.currentTarget.value })} />
      )}
    </Field>
  );
}

export function KeyField({ form, put, shown }: Examined) {
  const { name, console: place } = brokers[form.value.broker];
  const findings = shown('apiKey');
  const problem = form.of('apiKey');
  return (
    <Field
      label={say('account_key')}
      name="apiKey"
      hint={say('account_key_hint', place.key, name)}
      problem={findings.length > 0 ? null : problem}
      notes={<Findings findings={findings} mend={put} />}
    >
      {(props) => (
        <input
          {...props}
          autocomplete="off"
          spellcheck={false}
          value={form.value.apiKey}
          onInput={(event) => put({ apiKey: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

export function RedirectField({ form, put, shown }: Examined) {
  const { broker, redirectUrl } = form.value;
  const findings = shown('redirectUrl');
  const problem = form.of('redirectUrl');
  return (
    <>
      <Field
        label={say('account_redirect')}
        name="redirectUrl"
        hint={say('account_redirect_hint')}
        problem={findings.length > 0 ? null : problem}
        notes={<Findings findings={findings} mend={put} />}
      >
        {(props) => (
          <input
            {...props}
            inputMode="url"
            autocomplete="off"
            spellcheck={false}
            value={redirectUrl}
            onInput={(event) => put({ redirectUrl: event.currentTarget.value.trim() })}
          />
        )}
      </Field>
      <Registration broker={broker} redirectUrl={redirectUrl} put={put} />
    </>
  );
}

export function ModeField({ form, put }: Part) {
  return (
    <Field label={say('account_mode')} name="mode" problem={form.of('mode')}>
      {(props) => (
        <select
          {...props}
          value={form.value.mode}
          onChange={(event) => put({ mode: event.currentTarget.value as RedirectMode })}
        >
          {RedirectMode.options.map((mode) => (
            <option key={mode} value={mode}>
              {say(`account_mode_${mode}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function UserField({ form, put }: Part) {
  return (
    <Field
      label={say('account_user')}
      name="expectedUser"
      hint={say('account_user_hint')}
      problem={form.of('expectedUser')}
    >
      {(props) => (
        <input
          {...props}
          autocomplete="off"
          value={form.value.expectedUser ?? ''}
          onInput={(event) => put({ expectedUser: event.currentTarget.value.trim() || null })}
        />
      )}
    </Field>
  );
}
