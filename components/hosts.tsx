import './hosts.css';
import { DATA_CONSENT, type HostNeed } from '../utils/domain/hosts.ts';

/** The addresses an account needs, each with its reason, and a way to take each back. */
export function Hosts({ hosts, onRevoke }: { hosts: readonly HostNeed[]; onRevoke?(pattern: string): void }) {
  return (
    <ul class="hosts">
      {hosts.map(({ pattern, reason, granted }) => (
        <li key={pattern} data-host={pattern} data-granted={granted}>
          {pattern === DATA_CONSENT ? <b>Your login’s token</b> : <code>{pattern.replace('/*', '')}</code>}
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
