import type { DestinationForm } from '../../utils/domain/accounts/settings.ts';
import { say } from '../../utils/domain/base/words.ts';
import { Field } from '../ui/field.tsx';

type Status = NonNullable<Extract<DestinationForm, { kind: 'plain' }>['status']>;

interface Props {
  status: Status | null;
  of(field: string): string | null;
  put(change: object): void;
}

/** Where a plain destination tells how its session stands, if it does. */
export function StatusFields({ status, of, put }: Props) {
  const change = (next: Status | null) => put({ status: next });
  const kind = status?.kind ?? 'none';
  return (
    <>
      <Field label={say('status_page')} name="status" hint={say('status_page_hint')} problem={null}>
        {(props) => (
          <select {...props} value={kind} onChange={(event) => change(newStatus(event.currentTarget.value, status))}>
            <option value="none">{say('status_page_none')}</option>
            <option value="path">{say('status_page_path')}</option>
            <option value="session-manager">{say('status_page_manager')}</option>
          </select>
        )}
      </Field>
      {status && (
        <Field label={say('status_address')} name="status.url" problem={of('status.url')}>
          {(props) => (
            <input
              {...props}
              inputMode="url"
              value={status.url}
              onInput={(event) => change({ ...status, url: event.currentTarget.value.trim() })}
            />
          )}
        </Field>
      )}
      {status?.kind === 'path' && (
        <Field label={say('status_alive')} name="status.path" problem={of('status.path') ?? of('status.equals')}>
          {(props) => (
            <div class="row">
              <input
                {...props}
                class="grow"
                placeholder="session.valid"
                aria-label={say('status_alive_path')}
                value={status.path}
                onInput={(event) => change({ ...status, path: event.currentTarget.value.trim() })}
              />
              <input
                class="grow"
                placeholder="true"
                aria-label={say('status_alive_equals')}
                value={status.equals}
                onInput={(event) => change({ ...status, equals: event.currentTarget.value })}
              />
            </div>
          )}
        </Field>
      )}
    </>
  );
}

function newStatus(kind: string, before: Status | null): Status | null {
  const url = before?.url ?? '';
  if (kind === 'path') return { kind, url, path: 'session.valid', equals: 'true' };
  return kind === 'session-manager' ? { kind, url } : null;
}
