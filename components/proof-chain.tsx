import './proof-chain.css';
import type { Link } from '../utils/domain/chain.ts';
import { formatIst, MINUTE, SECOND } from '../utils/domain/time.ts';
import { say } from '../utils/domain/words.ts';

const STATES = { done: 'done', now: 'under way', failed: 'failed', idle: 'not reached' } as const;

/** The way of a login in five links, each with its time and, where it is not simply done, a word on what happened. */
export function ProofChain({ links }: { links: readonly Link[] }) {
  const start = links[0]?.at ?? null;
  return (
    <ol class="chain" aria-label="Proof of the login">
      {links.map((link) => (
        <li
          key={link.name}
          class={link.state}
          data-link={link.name}
          data-state={link.state}
          data-at={link.at ?? undefined}
        >
          {link.name}
          <em title={link.at === null ? undefined : `${formatIst(link.at, true)} IST`}>{when(link, start)}</em>
          <span class="visually-hidden">{STATES[link.state]}</span>
        </li>
      ))}
    </ol>
  );
}

/** The first link by the clock, the others by their distance from it while that says more. */
function when({ at, note, state, name }: Link, start: number | null): string {
  if (note !== null && (state !== 'done' || note === 'market_closed' || note === 'accepted'))
    return say(`chain_note_${note}`);
  if (at === null || start === null) return state === 'now' ? '…' : ' ';
  if (name === 'captured') return formatIst(at, true);
  const later = Math.max(at - start, 0);
  return later < MINUTE ? `+${(later / SECOND).toFixed(1)} s` : formatIst(at);
}
