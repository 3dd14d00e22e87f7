import { filledFor, PRESETS, presetName } from '../../utils/domain/accounts/known-systems.ts';
import type { DestinationForm } from '../../utils/domain/accounts/settings.ts';
import { say } from '../../utils/domain/base/words.ts';
import { Field } from '../ui/field.tsx';

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
    <Field label={say('plain_preset')} name="preset" hint={say('plain_preset_hint')}>
      {(props) => (
        <select {...props} onChange={(event) => fill(event.currentTarget.value)}>
          <option value="">{say('plain_preset_none')}</option>
          {PRESETS.map((preset) => (
            <option key={preset.id} value={preset.id}>
              {presetName(preset)}
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
        label={say('plain_extra')}
        name="extra"
        hint={say('plain_extra_hint', 'action=update&source=opening-bell')}
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
      <Field label={say('plain_login')} name="login" problem={of('login')}>
        {(props) => (
          <select {...props} value={login} onChange={(event) => put({ login: event.currentTarget.value })}>
            <option value="none">{say('plain_login_none')}</option>
            <option value="cookie">{say('plain_login_cookie')}</option>
            <option value="tab">{say('plain_login_tab')}</option>
          </select>
        )}
      </Field>
      <Field label={say('plain_redirect')} name="redirect" hint={say('plain_redirect_hint')} problem={of('redirect')}>
        {(props) => (
          <select {...props} value={redirect} onChange={(event) => put({ redirect: event.currentTarget.value })}>
            <option value="failure">{say('plain_redirect_failure')}</option>
            <option value="taken">{say('plain_redirect_taken')}</option>
          </select>
        )}
      </Field>
    </>
  );
}
