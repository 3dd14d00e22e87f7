import type { QueueState, SessionReport } from '../../../utils/shared/contract.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import type { Caller } from '../caller.ts';
import { appliedAs, broken, type Finding, ok, type Rule, unseen } from '../rule.ts';

const NO_QUEUE = 'Its report has no queue.';
const NONE_PARKED =
  'No request is parked in it, so none was seen to run. End its session, park some, and play this again.';
const NOT_APPLIED = 'It applies no made-up token, so no parked request was seen to run.';
const PATIENCE_MS = 30 * SECOND;
type Job = QueueState['latest'][number];

/** What was parked runs with the next session: once, in order, and what acts does not run by itself. */
export const queue: Rule = {
  name: 'queue',
  async play(caller) {
    const before = await queueOf(caller);
    if (before === null) return unseen(NO_QUEUE);
    const parked = before.latest.filter(({ state }) => state === 'parked');
    if (parked.length === 0) return unseen(NONE_PARKED);
    if (appliedAs(await caller.capture(caller.captured(caller.token('Queue')))) !== 'applied')
      return unseen(NOT_APPLIED);
    const after = await watch(caller, ({ parked, queued, running }) => parked + queued + running === 0);
    return judge(before, after);
  },
};

function judge(before: QueueState, after: QueueState | null): Finding {
  if (after === null)
    return broken(
      'After a login its parked requests still wait after 30 seconds.',
      'Run what is parked once the session is verified, in a process that is always there.',
    );
  const jobs = new Map(after.latest.map((job) => [job.id, job]));
  if (jobs.size < after.latest.length)
    return broken(
      'Its queue names one request twice.',
      'Give each parked request an id of its own, and report it once.',
    );
  const waited = before.latest.filter(({ state }) => state === 'needs_confirmation');
  if (waited.some(({ id }) => jobs.get(id)?.state !== 'needs_confirmation'))
    return broken(
      'A request that needs a confirmation has run, or is gone, without one.',
      'Let what may act wait for a person after the login too, within its limit.',
    );
  const ran = before.latest.filter(({ state }) => state === 'parked').map(({ id }) => jobs.get(id));
  const done = ran.filter((job): job is Job => job !== undefined && job.finished_at !== null);
  if (done.length < ran.length)
    return broken(
      'A parked request is gone from the report, or has no finished_at.',
      'Report the latest twenty, the finished ones too.',
    );
  const byParking = done.toSorted((a, b) => Date.parse(a.parked_at) - Date.parse(b.parked_at)).map(endOf);
  return byParking.every((at, index) => index === 0 || at >= (byParking[index - 1] ?? 0))
    ? ok('What was parked ran once, in order, and what acts still waits.')
    : broken(
        'Parked requests did not run in their order.',
        'Run them one after the other, by the time at which they were parked.',
      );
}

const endOf = ({ finished_at }: Job) => Date.parse(finished_at ?? '');

/** A feed follows the session: accepted at least, and live by its first tick only. */
export const feed: Rule = {
  name: 'feed',
  async play(caller) {
    if ((await reportOf(caller))?.feed === undefined) return unseen('Its report has no feed.');
    if (appliedAs(await caller.capture(caller.captured(caller.token('Feed')))) !== 'applied')
      return unseen('It applies no made-up token, so its feed was not seen to start.');
    const isUp = ({ feed: one }: SessionReport) => one?.state === 'subscribed' || one?.state === 'live';
    const report = await watchReport(caller, isUp);
    if (report === null)
      return broken(
        'Thirty seconds after a login its feed is not subscribed.',
        'Start the feed on every new session, and stop the old one.',
      );
    const { state, first_tick_at, last_tick_at } = report.feed ?? {
      state: 'off',
      first_tick_at: null,
      last_tick_at: null,
    };
    return state === 'live' && (first_tick_at === null || last_tick_at === null)
      ? broken(
          'Its feed is live, but first_tick_at or last_tick_at is null.',
          'Call a feed live with its first tick, and write down when that was.',
        )
      : ok('Its feed follows the session.');
  },
};

async function watch(caller: Caller, isSo: (queue: QueueState) => boolean): Promise<QueueState | null> {
  return (await watchReport(caller, ({ queue: one }) => one !== undefined && isSo(one)))?.queue ?? null;
}

async function watchReport(caller: Caller, isSo: (report: SessionReport) => boolean): Promise<SessionReport | null> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const report = await reportOf(caller);
    if (report !== null && isSo(report)) return report;
    await new Promise((passed) => setTimeout(passed, 200));
  }
  return null;
}

async function queueOf(caller: Caller): Promise<QueueState | null> {
  return (await reportOf(caller))?.queue ?? null;
}

async function reportOf(caller: Caller): Promise<SessionReport | null> {
  const { outcome } = await caller.check();
  return outcome.kind === 'reported' ? outcome.answer : null;
}
