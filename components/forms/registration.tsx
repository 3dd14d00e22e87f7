import { useSignal } from '@preact/signals';
import { check } from '../../utils/domain/base/check.ts';
import { say } from '../../utils/domain/base/words.ts';
import { differences, tellDifference } from '../../utils/domain/doctor/registered-url.ts';
import { brokers } from '../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../utils/shared/contract.ts';
import { parseUrl, RedirectUrl } from '../../utils/shared/urls.ts';
import { Copy } from '../ui/copy-button.tsx';
import { Field } from '../ui/field.tsx';

/** What the broker's own form must say, to copy there, and a comparison with what stands there already. */
export function Registration({
  broker,
  redirectUrl,
  put,
}: {
  broker: BrokerId;
  redirectUrl: string;
  put(change: { redirectUrl: string }): void;
}) {
  const { name, console: place } = brokers[broker];
  if (!check(RedirectUrl, redirectUrl).ok) return null;
  return (
    <div class="registration">
      <p>
        {say('register_how', name, place.field)}{' '}
        <a href={place.url} target="_blank" rel="noreferrer">
          {new URL(place.url).host}
        </a>
      </p>
      <Copy value={redirectUrl} of={place.field} />
      <details>
        <summary>{say('register_compare')}</summary>
        <Compare redirectUrl={redirectUrl} put={put} />
      </details>
    </div>
  );
}

function Compare({ redirectUrl, put }: { redirectUrl: string; put(change: { redirectUrl: string }): void }) {
  const there = useSignal('');
  const found = there.value === '' ? null : differences(redirectUrl, there.value);
  return (
    <>
      <Field label={say('register_there')} name="registered" hint={say('register_there_hint')}>
        {(props) => (
          <input
            {...props}
            inputMode="url"
            autocomplete="off"
            value={there}
            onInput={(event) => {
              there.value = event.currentTarget.value.trim();
            }}
          />
        )}
      </Field>
      <div role="status">
        {found === null && isSchemeless(there.value) ? <p class="note bad">{say('register_schemeless')}</p> : null}
        {found?.length === 0 ? <p class="same">✓ {say('register_same')}</p> : null}
        {found && found.length > 0 ? (
          <div class="note bad">
            {found.map((one) => (
              <p key={one.part} data-differs={one.part}>
                {tellDifference(one)}
              </p>
            ))}
            <button type="button" data-action="use-registered" onClick={() => put({ redirectUrl: there.value })}>
              {say('doctor_use', there.value)}
            </button>
          </div>
        ) : null}
      </div>
    </>
  );
}

function isSchemeless(text: string): boolean {
  return text !== '' && !/^h?t?t?p?s?:?\/?\/?$/i.test(text) && parseUrl(text) === null;
}
