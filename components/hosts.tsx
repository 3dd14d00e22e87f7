import './hosts.css';
import { COOKIES, DATA_CONSENT } from '../utils/domain/consents.ts';
import type { HostNeed } from '../utils/domain/hosts.ts';

/** The addresses an account needs, each with its reason, and a way to take each back. */
export function Hosts({ hosts, onRevoke }: { hosts: readonly HostNeed[]; onRevoke?(pattern: string): void }) {
  return (
    <ul class="hosts">
      {hosts.map(({ pattern, reason, granted }) => (
        <li key={pattern} data-host={pattern} data-granted={granted}>
          <Name pattern={pattern} />
          <span>{reason}</span>
          <small>{granted ? 'allowed' : 'not allowed yet'}</small>
          {granted && onRevoke ? (
            <button type="button" class="quiet" aria-label={`Take back ${pattern}`} onClick={() => onRevoke(pattern)}>
              Take back
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Name({ pattern }: { pattern: string }) {
  if (pattern === DATA_CONSENT) return <b>Your login’s token</b>;
  return pattern === COOKIES ? <b>Cookies</b> : <code>{pattern.replace('/*', '')}</code>;
}
