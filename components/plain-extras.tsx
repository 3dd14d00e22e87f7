import { filledFor, PRESETS } from '../utils/domain/presets.ts';
import type { DestinationForm } from '../utils/domain/settings.ts';
import { Field } from './field.tsx';

type Plain = Extract<DestinationForm, { kind: 'plain' }>;

interface Props {
  form: Plain;
  of(field: string): string | null;
  put(change: object): void;
}

/** Fills everything in for a system that is known; the address keeps its host. */
export function PresetField({ form, put }: Omit<Props, 'of'>) {
  const fill = (id: string) => {
    const preset = PRESETS.find((one) => one.id === id);
    if (preset) put(filledFor(preset, form.url));
  };
  return (
    <Field label="Fill in for" name="preset" hint="Then make the address your own.">
      {(props) => (
        <select {...props} onChange={(event) => fill(event.currentTarget.value)}>
          <option value="">none of these</option>
          {PRESETS.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** What only some endpoints want: other fields, a person's login, a redirect as the usual answer. */
export function PlainExtras({ form, of, put }: Props) {
  const { extra = {}, login = 'none', redirect = 'failure' } = form;
  return (
    <>
      <Field
        label="Other fields"
        name="extra"
        hint="Constant ones, as in an address: action=update&source=opening-bell"
        problem={of('extra')}
      >
        {(props) => (
          <input
            {...props}
            value={new URLSearchParams(extra).toString()}
            onChange={(event) =>
              put({ extra: Object.fromEntries(new URLSearchParams(event.currentTarget.value.trim())) })
            }
          />
        )}
      </Field>
      <Field label="Your login there" name="login" problem={of('login')}>
        {(props) => (
          <select {...props} value={login} onChange={(event) => put({ login: event.currentTarget.value })}>
            <option value="none">Not needed</option>
            <option value="cookie">Django’s session: send its cookies and CSRF token</option>
            <option value="tab">Django’s session: send from an open tab of it</option>
          </select>
        )}
      </Field>
      <Field label="A redirect in answer" name="redirect" hint="It is never followed." problem={of('redirect')}>
        {(props) => (
          <select {...props} value={redirect} onChange={(event) => put({ redirect: event.currentTarget.value })}>
            <option value="failure">is a failure</option>
            <option value="taken">means that the token was taken</option>
          </select>
        )}
      </Field>
    </>
  );
}
