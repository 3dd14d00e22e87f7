import { say } from '../../utils/domain/words.ts';

const PARTS = ['takes', 'why', 'goes', 'never'] as const;

/** What is taken, why, where it goes and what is never done: before anything is (STR-03). */
export function Promises() {
  return (
    <section class="promise" aria-labelledby="promise">
      <h2 id="promise">{say('setup_promise')}</h2>
      <dl>
        {PARTS.map((part) => (
          <div key={part} data-promise={part}>
            <dt>{say(`setup_${part}`)}</dt>
            <dd>{say(`setup_${part}_says`)}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">{say('setup_nothing_yet')}</p>
    </section>
  );
}
