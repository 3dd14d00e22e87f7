import { say } from '../../utils/domain/base/words.ts';

const PARTS = ['takes', 'why', 'goes', 'never'] as const;

/** What is taken, why, where it goes and what is never done: open before anything is, and to be read again at any time (STR-03). */
export function Promises({ isFirst }: { isFirst: boolean }) {
  if (!isFirst)
    return (
      <details class="promise">
        <summary>{say('setup_promise_again')}</summary>
        <Parts />
      </details>
    );
  return (
    <section class="promise" aria-labelledby="promise">
      <h2 id="promise">{say('setup_promise')}</h2>
      <Parts />
      <p class="soft">{say('setup_nothing_yet')}</p>
    </section>
  );
}

function Parts() {
  return (
    <dl>
      {PARTS.map((part) => (
        <div key={part} data-promise={part}>
          <dt>{say(`setup_${part}`)}</dt>
          <dd>{say(`setup_${part}_says`)}</dd>
        </div>
      ))}
    </dl>
  );
}
