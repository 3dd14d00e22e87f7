import './queue.css';
import type { QueueState } from '../utils/domain/contract.ts';
import { SECOND } from '../utils/domain/time.ts';

const SHOWN = 5;
const MARKS: Record<QueueState['latest'][number]['state'], [mark: string, words: string]> = {
  parked: ['·', 'waits for a session'],
  queued: ['·', 'next'],
  running: ['…', 'running'],
  done: ['✓', 'done'],
  failed: ['✕', 'failed'],
  stale: ['–', 'too old'],
  cancelled: ['–', 'cancelled'],
  needs_confirmation: ['!', 'needs your confirmation in the backend'],
};

/** What the backend retried, or what waits there for a session. */
export function Queue({ queue }: { queue: QueueState }) {
  const rest = queue.latest.length - SHOWN;
  const waiting = queue.parked + queue.queued;
  if (queue.latest.length === 0 && waiting === 0) return null;
  return (
    <section class="queue" aria-label="Retried requests">
      {waiting > 0 && (
        <p class="soft">
          {waiting} {waiting === 1 ? 'request waits' : 'requests wait'} in your backend for a session.
        </p>
      )}
      <ul>
        {queue.latest.slice(0, SHOWN).map(({ id, label, state, took_ms, problem }) => (
          <li key={id} class={state} data-job={label} data-state={state}>
            <span aria-hidden="true">{MARKS[state][0]}</span>
            <span class="label">
              {label}
              {problem ? <small> {problem}</small> : null}
            </span>
            <small>
              {took_ms === null ? MARKS[state][1] : `${MARKS[state][1]}, ${(took_ms / SECOND).toFixed(1)} s`}
            </small>
          </li>
        ))}
      </ul>
      {rest > 0 && <p class="soft">and {rest} more</p>}
    </section>
  );
}
