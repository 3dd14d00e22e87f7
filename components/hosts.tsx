import './hosts.css';
import { COOKIES, DATA_CONSENT } from '../utils/domain/consents.ts';
import type { HostNeed } from '../utils/domain/hosts.ts';
import { say } from '../utils/domain/words.ts';

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

function Name({ pattern }: { pattern: string }) {
  if (pattern === DATA_CONSENT) return <b>{say('permission_consent')}</b>;
  return pattern === COOKIES ? <b>{say('permission_cookies')}</b> : <code>{pattern.replace('/*', '')}</code>;
}
