import './queue.css';
import { seconds } from '../../utils/domain/base/span.ts';
import { formatNumber, say, sayCount } from '../../utils/domain/base/words.ts';
import type { QueueState } from '../../utils/shared/contract.ts';
import { formatIst } from '../../utils/shared/time.ts';

const SHOWN = 5;
type Job = QueueState['latest'][number];
const MARKS: Record<Job['state'], string> = {
  parked: '·',
  queued: '·',
  running: '…',
  done: '✓',
  failed: '✕',
  stale: '–',
  cancelled: '–',
  needs_confirmation: '!',
};

/** What the backend retried, or what waits there for a session; what went well is listed while the login is news. */
export function Queue({ queue, isNews }: { queue: QueueState; isNews: boolean }) {
  const { latest, parked, queued } = queue;
  const waiting = parked + queued;
  const listed = isNews ? latest : latest.filter(({ state }) => state === 'running' || state === 'needs_confirmation');
  const rest = listed.length - SHOWN;
  if (listed.length === 0 && waiting === 0) return null;
  return (
    <section class="queue" aria-label={say('queue_label')}>
      {waiting > 0 && (
        <p class="soft">
          {sayCount('queue_waits', waiting)} {oldest(latest, waiting)}
        </p>
      )}
      {listed.length > 0 && (
        <ul>
          {listed.slice(0, SHOWN).map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
        </ul>
      )}
      {rest > 0 && <p class="soft">{say('queue_more', formatNumber(rest))}</p>}
    </section>
  );
}

function JobLine({ job: { label, state, took_ms, problem } }: { job: Job }) {
  const words = say(`queue_${state}`);
  return (
    <li class={state} data-job={label} data-state={state}>
      <span aria-hidden="true">{MARKS[state]}</span>
      <span class="label">
        {label}
        {problem ? <small> {problem}</small> : null}
      </span>
      <small>{took_ms === null ? words : say('queue_took', words, seconds(took_ms))}</small>
    </li>
  );
}

/** Since when the oldest waits, where all that wait are among the latest. */
function oldest(latest: readonly Job[], waiting: number): string {
  const since = latest
    .filter(({ state }) => state === 'parked' || state === 'queued')
    .map(({ parked_at }) => Date.parse(parked_at));
  return since.length === waiting ? say('queue_oldest', formatIst(Math.min(...since))) : '';
}
