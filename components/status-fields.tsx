import type { DestinationForm } from '../utils/domain/settings.ts';
import { Field } from './field.tsx';

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
      <Field
        label="Status page"
        name="status"
        hint="Asked every five minutes, at the same host as the address."
        problem={null}
      >
        {(props) => (
          <select {...props} value={kind} onChange={(event) => change(newStatus(event.currentTarget.value, status))}>
            <option value="none">None: nothing is known after “accepted”</option>
            <option value="path">One value in its JSON means that the session is alive</option>
            <option value="session-manager">The JSON of a session manager (session.valid, expiresAt)</option>
          </select>
        )}
      </Field>
      {status && (
        <Field label="Its address" name="status.url" problem={of('status.url')}>
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
        <Field label="Alive means" name="status.path" problem={of('status.path') ?? of('status.equals')}>
          {(props) => (
            <div class="row">
              <input
                {...props}
                class="grow"
                placeholder="session.valid"
                aria-label="JSON path of the status"
                value={status.path}
                onInput={(event) => change({ ...status, path: event.currentTarget.value.trim() })}
              />
              <input
                class="grow"
                placeholder="true"
                aria-label="must equal, while alive"
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
