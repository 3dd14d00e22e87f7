import './hosts.css';
import type { ComponentChildren } from 'preact';
import type { HostNeed } from '../../utils/domain/accounts/hosts.ts';
import { COOKIES, DATA_CONSENT } from '../../utils/domain/accounts/permission-names.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { Actions } from './actions.ts';

/** The addresses an account needs, each with its reason. */
export function Hosts({ hosts }: { hosts: readonly HostNeed[] }) {
  return (
    <ul class="hosts">
      {hosts.map(({ pattern, reason, granted }) => (
        <li key={pattern} data-host={pattern} data-granted={granted}>
          <Name pattern={pattern} />
          <span>{reason}</span>
          <small>{granted ? say('permission_allowed') : say('permission_not_yet')}</small>
        </li>
      ))}
    </ul>
  );
}

interface AllowProps {
  hosts: readonly HostNeed[];
  actions: Actions;
  /** What the button says. */
  children: ComponentChildren;
}

/** The same with the one click that asks the browser for all of them. */
export function AllowHosts({ hosts, actions, children }: AllowProps) {
  return (
    <>
      <Hosts hosts={hosts} />
      <div class="row">
        <button
          type="button"
          class="primary"
          data-action="allow"
          onClick={() => void actions.allow(hosts.map(({ pattern }) => pattern))}
        >
          {children}
        </button>
      </div>
    </>
  );
}

function Name({ pattern }: { pattern: string }) {
  if (pattern === DATA_CONSENT) return <b>{say('permission_consent')}</b>;
  return pattern === COOKIES ? <b>{say('permission_cookies')}</b> : <code>{pattern.replace('/*', '')}</code>;
}
