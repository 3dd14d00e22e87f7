import { type Held, isOpen, judge } from './hold-list.ts';
import type { FromHold, HoldSettings, HoldView, ToHold } from './hold-messages.ts';
import { type Limits, type Moment, replayOf } from './replay.ts';

/** What a page holds after something happened, and what its hold is told of it. */
export interface Step {
  held: Held[];
  say: ToHold[];
}

/** The session lives again: reads go one after the other, what may act waits for a click, what is too old gets its original answer. */
export function renew(held: readonly Held[], now: Moment, limits: Limits): Step {
  const { send, ask, giveUp } = judge(held, true, now, limits);
  return {
    held: put(put(put(held, giveUp, 'too-old'), send, 'due'), ask, 'ready'),
    say: [{ type: 'renewed' }, ...giveUp.map(release)],
  };
}

/** The next read goes out, the longest kept first, unless it has grown too old for it. */
export function sendNext(held: readonly Held[], now: Moment, limits: Limits): Step {
  const [next] = held.filter(({ state }) => state === 'due');
  if (!next) return { held: [...held], say: [] };
  return replayOf(next.effect, next.sent, now, limits) === 'too-old'
    ? { held: put(held, [next], 'too-old'), say: [release(next)] }
    : { held: put(held, [next], 'sending'), say: [{ type: 'retry', id: next.id, key: null }] };
}

/** When the reads of a page go out: several pages of an account take turns, so that its broker sees the pace of one. */
export function paceOf({ paceMs }: Pick<HoldSettings, 'paceMs'>, { pages, turn }: Pick<HoldView, 'pages' | 'turn'>) {
  return { firstMs: paceMs * turn, everyMs: paceMs * Math.max(pages, 1) };
}

/** Time went by: what is too old now gets its original answer. */
export function age(held: readonly Held[], now: Moment, limits: Limits): Step {
  const { giveUp } = judge(held, false, now, limits);
  return { held: put(held, giveUp, 'too-old'), say: giveUp.map(release) };
}

/** All that waits gets its original answer. */
export function cancel(held: readonly Held[]): Step {
  return { held: held.filter((one) => !isOpen(one)), say: held.filter(isOpen).map(release) };
}

/** A person gives one request up. */
export function discard(held: readonly Held[], id: number): Step {
  const dropped = held.filter((one) => one.id === id);
  return { held: held.filter((one) => one.id !== id), say: dropped.filter(isOpen).map(release) };
}

/** A person closes the dialog: what a click could still send is given up, what became of the others was seen. */
export function close(held: readonly Held[]): Step {
  return {
    held: held.filter(({ state }) => ['waiting', 'due', 'sending'].includes(state)),
    say: held.filter(({ state }) => state === 'ready').map(release),
  };
}

/**
 * The one way by which what may act goes out: a click, judged once more at its own moment, and never two at a time. `key`
 * is the idempotency key of what may act.
 */
export function send(held: readonly Held[], id: number, key: string, now: Moment, limits: Limits): Step {
  const isBusy = held.some(({ state, effect }) => state === 'sending' && effect === 'act');
  const asked = held.filter((one) => !isBusy && one.id === id && one.state === 'ready');
  const stale = asked.filter((one) => replayOf(one.effect, one.sent, now, limits, one.market) === 'too-old');
  const fresh = asked.filter((one) => !stale.includes(one));
  const retries = fresh.map((one): ToHold => ({ type: 'retry', id: one.id, key: one.effect === 'act' ? key : null }));
  return { held: put(put(held, stale, 'too-old'), fresh, 'sending'), say: [...stale.map(release), ...retries] };
}

/** A replay is over: an answer is the page's own affair, and so is what became of a read. */
export function settleHeld(held: readonly Held[], { id, outcome }: Extract<FromHold, { type: 'outcome' }>): Held[] {
  return held.flatMap((one) => {
    if (one.id !== id) return [one];
    return outcome === 'answered' || one.effect === 'read' ? [] : [{ ...one, state: outcome }];
  });
}

function put(held: readonly Held[], some: readonly Held[], state: Held['state']): Held[] {
  return held.map((one) => (some.includes(one) ? { ...one, state } : one));
}

function release({ id }: Held): ToHold {
  return { type: 'release', id };
}
