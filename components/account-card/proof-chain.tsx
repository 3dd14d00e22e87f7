import './proof-chain.css';
import { seconds } from '../../utils/domain/base/span.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { Link } from '../../utils/domain/session/chain.ts';
import { formatIst, MINUTE } from '../../utils/shared/time.ts';

/** The way of a login in five links, each with its time and, where it is not simply done, a word on what happened. */
export function ProofChain({ links }: { links: readonly Link[] }) {
  const start = links[0]?.at ?? null;
  return (
    <ol class="chain" aria-label={say('chain_label')}>
      {links.map((link) => (
        <li
          key={link.name}
          class={link.state}
          data-link={link.name}
          data-state={link.state}
          data-at={link.at ?? undefined}
        >
          {say(`chain_${link.name}`)}
          <em title={link.at === null ? undefined : say('time_ist', formatIst(link.at, true))}>{when(link, start)}</em>
          <span class="visually-hidden">{say(`chain_is_${link.state}`)}</span>
        </li>
      ))}
    </ol>
  );
}

/** The first link by the clock, the others by their distance from it while that says more. */
function when({ at, note, state, name }: Link, start: number | null): string {
  if (note !== null) return say(`chain_note_${note}`);
  if (at === null || start === null) return state === 'now' ? '…' : ' ';
  if (name === 'captured') return formatIst(at, true);
  const later = Math.max(at - start, 0);
  return later < MINUTE ? say('chain_later', seconds(later)) : formatIst(at);
}
