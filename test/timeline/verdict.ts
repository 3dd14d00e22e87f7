import { CONSEQUENCES } from '../../utils/domain/delivery/trouble.ts';
import type { Status } from '../../utils/domain/view/status.ts';
import { MAX_CLOCK_SKEW_MS } from '../../utils/shared/contract.ts';
import { SECOND } from '../../utils/shared/time.ts';
import type { Schedule } from './schedule.ts';
import type { Captured } from './watcher.ts';
import type { World } from './world.ts';

/** What has to be so when a story is over and the person looks at the screen. */
export function judgeEnd(world: World, schedule: Schedule) {
  const { receiver, complain, first } = world;
  const { truth } = receiver;
  const { browser, watcher } = first;
  const captured = watcher.captured();
  for (const [id, times] of truth.applied) if (times > 1) complain(`${id} was applied ${times} times`);
  if (truth.spentTwice.length > 0) complain('the broker was shown a one-time token twice');
  for (const one of captured)
    if (isOwed(one, world, schedule)) complain(`a login captured at ${one.capturedAt} is lost`);

  const view = browser.overview()?.accounts[0];
  if (!view) return complain('there is no screen');
  const newest = captured.toSorted((a, b) => a.at - b.at).at(-1);
  const isIn = newest !== undefined && hasArrived(newest, world, schedule);
  const session = receiver.session();
  const isSkewed = Math.abs(browser.skewMs()) >= MAX_CLOCK_SKEW_MS - SECOND;
  if (view.status === 'working' && !(isSkewed && view.advice)) complain(`the screen still says: ${view.says}`);
  if (browser.badge() !== browser.overview()?.badge.text) complain('the badge is not that of the screen');
  if (schedule.destination === 'plain') {
    if (newest && !isIn && view.status === 'accepted' && captured.length === 1)
      complain('the screen says accepted, and it is not');
  } else if (session?.isAlive && session.delivery === newest?.id && !isSkewed && view.status !== 'live') {
    complain(`the session lives, and the screen says ${view.status}: ${view.says}`);
  } else if (session === null && !isSkewed && !SESSIONLESS.includes(view.status)) {
    complain(`there is no session, and the screen says ${view.status}: ${view.says}`);
  }
  if (newest && !isIn && session === null && view.status === 'live') complain('a lost login looks live');
  if (view.status === 'failed' && view.advice === null) complain('the screen says failed, and not what to do');
  if (view.notice !== null && captured.length > 0 && !hasReasonToNotice(schedule))
    complain(`the screen complains: ${view.notice}`);
  secrets(world);
}

/** What a screen may say where there is no session. */
const SESSIONLESS: readonly Status[] = ['never', 'expired', 'unverified', 'unreachable', 'failed'];

const hasReasonToNotice = ({ faults }: Schedule) =>
  faults.some(
    (one) =>
      one.kind === 'restart' ||
      one.kind === 'jump' ||
      (one.kind === 'act' && ['evil-link', 'log-in-again'].includes(one.act)),
  );

function hasArrived({ id, token }: Captured, { receiver, plain }: World, { destination }: Schedule): boolean {
  return destination === 'plain'
    ? plain.taken.includes(token) || plain.accepted.has(token)
    : receiver.truth.applied.has(id);
}

/** The waits of a delivery that failed so often, with an alarm's half minute and the checks in between. */
const WAITS_MS = [45, 50, 60, 95, 130, 260, 460, 700].map((seconds) => seconds * SECOND);

/** Whether a captured login had all the time it needs after the last fault, and still did not arrive. */
function isOwed(one: Captured, world: World, schedule: Schedule): boolean {
  if (hasArrived(one, world, schedule)) return false;
  const { receiver, first } = world;
  // A refusal by name is no loss: the screen says it. Nor is what a person replaced by a newer login.
  const refused = receiver.truth.refused.get(one.id);
  if (refused !== undefined && CONSEQUENCES[refused].then === 'end') return false;
  if (first.watcher.captured().some((other) => other.capturedAt > one.capturedAt)) return false;
  // What is in memory ends with the browser, and a clock that jumped moves lifetimes and alarms.
  if (schedule.faults.some(({ kind }) => kind === 'restart' || kind === 'jump')) return false;
  // A plain destination cannot be asked, so that an unknown outcome is the end.
  if (schedule.destination === 'plain' && schedule.faults.some(({ kind }) => kind === 'request' || kind === 'kill'))
    return false;
  const { at, troubles } = world.lastTrouble();
  const needed = WAITS_MS[Math.min(troubles, WAITS_MS.length - 1)] ?? 0;
  const until = Math.min(one.expiresAt, world.agenda.now());
  return Math.max(at, one.at) + needed < until;
}

/** After the end of every login its token is nowhere; one that waits for a yes is on the screen. */
function secrets({ first, complain }: World): void {
  const { browser, watcher } = first;
  const asked = browser.overview()?.accounts.some(({ ask }) => ask !== null);
  if (asked) return;
  const text = JSON.stringify([...browser.stores().memory]);
  // Breeze gives one token to many logins: the last one's end is the token's.
  const ends = new Map<string, number>();
  for (const { token, expiresAt } of watcher.captured()) ends.set(token, Math.max(expiresAt, ends.get(token) ?? 0));
  for (const [token, end] of ends)
    if (text.includes(token) && end < browser.clock()) complain('a token outlives its login');
}
