import { CONTRACT_VERSION, MAX_WAIT_MS, type SessionReport } from '../../../utils/shared/contract.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import type { Caller, Reply } from '../caller.ts';
import { appliedAs, broken, type Finding, isRefusedAs, ok, type Rule, saysOf, unseen } from '../rule.ts';

const SHORT_MS = SECOND / 5;
// Of a slow way there and back.
const TRAVEL_MS = 5 * SECOND;
const LOOKS = 20;

/** Who names check.wait answers a check when there is something to say, and in time where there is not. */
export const wait: Rule = {
  name: 'wait',
  async play(caller) {
    if (!reportIn(await caller.check())?.understands?.includes('check.wait'))
      return ok('It does not name check.wait, so it is asked as before.');
    const revision = await settled(caller);
    if (revision === null)
      return broken(
        'It names check.wait, but its reports have no revision that stays while nothing changes.',
        'Put a revision into each report: a hash of its session, its feed without last_tick_at, and its queue.',
      );
    return (await unchanged(caller, revision)) ?? (await tooLong(caller, revision)) ?? changed(caller, revision);
  },
};

/** The revision of two reports in a row. */
async function settled(caller: Caller): Promise<string | null> {
  let last: string | undefined;
  for (let look = 0; look < LOOKS; look += 1) {
    const revision = reportIn(await caller.check())?.revision;
    if (revision === undefined) return null;
    if (revision === last) return revision;
    last = revision;
  }
  return null;
}

/** A wait without news ends with its time. */
async function unchanged(caller: Caller, revision: string): Promise<Finding | null> {
  const began = performance.now();
  const reply = await held(caller, revision, SHORT_MS);
  const took = performance.now() - began;
  const report = reportIn(reply);
  if (report === null || took > SHORT_MS + TRAVEL_MS)
    return broken(
      `A check that may wait for ${SHORT_MS} ms got no report in time. ${saysOf(reply)}`,
      'Answer with the report as it stands when wait.ms has passed.',
    );
  const isHeld = report.waited_ms !== undefined && report.waited_ms > 0 && report.waited_ms <= Math.ceil(took);
  const isFree = report.revision === undefined || report.revision !== revision;
  return isHeld || isFree
    ? null
    : broken(
        'It answers a check that may wait at once, or does not say rightly in waited_ms for how long it held it.',
        'Hold the answer while the revision is the one in wait.after, and write the milliseconds into waited_ms. Without a place to hold it, leave revision out.',
      );
}

async function tooLong(caller: Caller, revision: string): Promise<Finding | null> {
  const reply = await held(caller, `${revision}x`.slice(-64), MAX_WAIT_MS + 1);
  return isRefusedAs(reply, 'bad_request')
    ? null
    : broken(
        `A check that asks to wait for longer than ${MAX_WAIT_MS} ms is not refused. ${saysOf(reply)}`,
        'Refuse it as bad_request: whoever may hold a connection for as long as he likes can hold them all.',
      );
}

const NOT_APPLIED = unseen('It applies no made-up token, so no login was seen to end a wait.');

/** Two that wait at once hold up no delivery, and are both answered by it. */
async function changed(caller: Caller, revision: string): Promise<Finding> {
  if (!caller.replies.some((reply) => appliedAs(reply) === 'applied')) return NOT_APPLIED;
  const waits = [held(caller, revision, MAX_WAIT_MS), held(caller, revision, MAX_WAIT_MS)];
  const applied = await caller.capture(caller.captured(caller.token('Wait')));
  const reports = (await Promise.all(waits)).map(reportIn);
  if (appliedAs(applied) !== 'applied') return NOT_APPLIED;
  // One that is held to its end tells of the login as well, but too late.
  const isTold = (report: SessionReport | null) =>
    report !== null && report.revision !== revision && (report.waited_ms ?? 0) < MAX_WAIT_MS;
  return reports.every(isTold)
    ? ok('A check that waits is answered by a login, two at once are, and in time without one.')
    : broken(
        'Two checks that waited were not both answered by a login.',
        'Answer every check that waits as soon as the report has another revision, also while others wait. With few workers that block, leave check.wait out of understands.',
      );
}

function held({ target, post }: Caller, after: string, ms: number): Promise<Reply> {
  const { account } = target;
  return post(JSON.stringify({ version: CONTRACT_VERSION, type: 'session.check', account, wait: { after, ms } }));
}

function reportIn({ outcome }: Reply): SessionReport | null {
  return outcome.kind === 'reported' && outcome.answer.type === 'session.report' ? outcome.answer : null;
}
