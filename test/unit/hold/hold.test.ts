import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../utils/domain/dashboards/dashboard.ts';
import { type Held, placed } from '../../../utils/domain/hold/hold-list.ts';
import type { HoldView, Outcome } from '../../../utils/domain/hold/hold-messages.ts';
import { dialogPlace, type Place } from '../../../utils/domain/hold/hold-place.ts';
import {
  age,
  cancel,
  close,
  discard,
  paceOf,
  renew,
  type Step,
  send,
  sendNext,
  settleHeld,
} from '../../../utils/domain/hold/hold-steps.ts';
import { holdView } from '../../../utils/domain/hold/hold-view.ts';
import type { Link } from '../../../utils/domain/session/chain.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { NOW } from '../../support/samples/samples.ts';

const now = { wall: NOW, steady: 60 * MINUTE };
const held = (id: number, change: Partial<Held> = {}, ageMs = 10 * SECOND): Held => ({
  id,
  method: 'POST',
  target: '/order',
  description: '',
  effect: 'act',
  sent: { wall: now.wall - ageMs, steady: now.steady - ageMs },
  state: 'waiting',
  ...change,
});
const read = (id: number, ageMs?: number) => held(id, { method: 'GET', effect: 'read' }, ageMs);
const due = (id: number, ageMs?: number): Held => ({ ...read(id, ageMs), state: 'due' });
const states = ({ held: all }: Pick<Step, 'held'>) => all.map(({ id, state }) => `${id} ${state}`);

describe('what a page holds', () => {
  it('stands in the order in which the page sent it, whichever answer came first', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5]), (arrived) => {
        const all = arrived.reduce<Held[]>((list, id) => placed(list, held(id, {}, MINUTE - id)), []);
        expect(all.map(({ id }) => id)).toEqual(arrived.toSorted());
      }),
    ));

  it('goes by itself after the login if it reads, waits for a click if it acts, and ends if it is too old', () => {
    const step = renew([read(1), held(2), held(3, {}, 3 * MINUTE), read(4, 16 * MINUTE)], now, DEFAULT_LIMITS);
    expect(states(step)).toEqual(['1 due', '2 ready', '3 too-old', '4 too-old']);
    expect(step.say).toEqual([{ type: 'renewed' }, { type: 'release', id: 3 }, { type: 'release', id: 4 }]);
  });

  it.each<[name: string, all: Held[], say: Step['say'], left: string[]]>([
    ['nothing is due', [held(1), read(2)], [], ['1 waiting', '2 waiting']],
    ['the first of two', [due(1), due(2)], [{ type: 'retry', id: 1, key: null }], ['1 sending', '2 due']],
    ['one too old by now', [due(1, 16 * MINUTE), due(2)], [{ type: 'release', id: 1 }], ['1 too-old', '2 due']],
    ['nothing that may act', [held(1, { state: 'ready' })], [], ['1 ready']],
  ])('sends its reads one by one: %s', (_, all, say, left) => {
    const step = sendNext(all, now, DEFAULT_LIMITS);
    expect([step.say, states(step)]).toEqual([say, left]);
  });

  it('never sends two reads of an account, in however many of its pages, closer together than its broker bears', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 5 }), (counts) => {
        const times = counts.flatMap((count, turn) => {
          const { firstMs, everyMs } = paceOf({ paceMs: brokers.zerodha.paceMs }, { pages: counts.length, turn });
          return Array.from({ length: count }, (_, nth) => firstMs + nth * everyMs);
        });
        const gaps = times.sort((a, b) => a - b).flatMap((time, at) => (at === 0 ? [] : [time - (times[at - 1] ?? 0)]));
        expect(gaps.every((gap) => gap >= brokers.zerodha.paceMs)).toBe(true);
      }),
    ));

  it('gets its original answer when it grows too old', () => {
    const step = age([held(1), held(2, { state: 'ready' }, 3 * MINUTE)], now, DEFAULT_LIMITS);
    expect([states(step), step.say]).toEqual([['1 waiting', '2 too-old'], [{ type: 'release', id: 2 }]]);
  });

  it.each<[name: string, all: Held[], id: number, say: Step['say'], left: string[]]>([
    [
      'that is ready goes out with a key',
      [held(1, { state: 'ready' })],
      1,
      [{ type: 'retry', id: 1, key: 'k' }],
      ['1 sending'],
    ],
    ['that waits for the login stays', [held(1)], 1, [], ['1 waiting']],
    ['is unknown', [held(1, { state: 'ready' })], 9, [], ['1 ready']],
    [
      'waits for the one that is out',
      [held(1, { state: 'sending' }), held(2, { state: 'ready' })],
      2,
      [],
      ['1 sending', '2 ready'],
    ],
    ['is too old by now', [held(1, { state: 'ready' }, 3 * MINUTE)], 1, [{ type: 'release', id: 1 }], ['1 too-old']],
    ['whose outcome is unknown is not sent again', [held(1, { state: 'unknown' })], 1, [], ['1 unknown']],
  ])('on a click: one %s', (_, all, id, say, left) => {
    const step = send(all, id, 'k', now, DEFAULT_LIMITS);
    expect([step.say, states(step)]).toEqual([say, left]);
  });

  it.each<[outcome: Outcome, left: string[]]>([
    ['answered', ['2 sending']],
    ['lost', ['1 lost', '2 sending']],
    ['auth-required', ['1 auth-required', '2 sending']],
  ])('is settled by its outcome %s', (outcome, left) => {
    const all = [held(1, { state: 'sending' }), held(2, { state: 'sending' })];
    expect(states({ held: settleHeld(all, { type: 'outcome', id: 1, outcome }) })).toEqual(left);
  });

  it('is given up: all of it, one, or what a closed dialog could still send', () => {
    const all = [held(1), held(2, { state: 'ready' }), held(3, { state: 'sending' }), held(4, { state: 'lost' })];
    const ended = (step: Step) => [step.say.map((one) => 'id' in one && one.id), states(step)];
    expect(ended(cancel(all))).toEqual([
      [1, 2],
      ['3 sending', '4 lost'],
    ]);
    expect(ended(discard(all, 2))).toEqual([[2], ['1 waiting', '3 sending', '4 lost']]);
    expect(ended(discard(all, 4))).toEqual([[], ['1 waiting', '2 ready', '3 sending']]);
    expect(ended(close(all))).toEqual([[2], ['1 waiting', '3 sending']]);
  });
});

describe('the dialog', () => {
  const place = (tab: number, change: Partial<Place> = {}): Place => ({
    tab,
    frame: 0,
    count: 1,
    visible: true,
    shownAt: null,
    ...change,
  });

  it.each<[name: string, places: Place[], at: number | null]>([
    ['nowhere while nothing waits', [place(1, { count: 0 })], null],
    ['in the page that a person looks at', [place(1, { visible: false, shownAt: NOW }), place(2)], 1],
    ['in the top frame, where a frame below waits', [place(1, { frame: 5 }), place(1, { count: 0 })], 1],
    ['in the frame, where the top one is not ours', [place(1, { frame: 5 }), place(2, { count: 0 })], 0],
    ['where it has been longest', [place(1, { shownAt: NOW }), place(2, { shownAt: NOW - 1 }), place(3)], 1],
  ])('is %s', (_, places, at) => {
    expect(dialogPlace(places)).toBe(at === null ? null : places[at]);
  });
});

describe('the login that a page waits for', () => {
  const SINCE = NOW - 10 * SECOND;
  const link = (name: Link['name'], state: Link['state'], at: number | null = null): Link => ({
    name,
    state,
    at,
    note: null,
  });
  const [before, after] = [SINCE - 2 * SECOND, SINCE + 2 * SECOND];
  const begun = (at: number) => [
    link('captured', 'done', at),
    link('delivered', 'done', at),
    link('exchanged', 'done', at),
  ];

  it.each<[name: string, session: number | null, links: Link[] | null, step: HoldView['step']]>([
    ['has not been asked for', null, null, 'ask'],
    [
      'began before the failure, and is on its way',
      null,
      [link('captured', 'done', before), link('delivered', 'now')],
      'working',
    ],
    [
      'began before the failure, and was refused',
      null,
      [link('captured', 'done', before), link('delivered', 'failed')],
      'ask',
    ],
    [
      'led to the session that has ended since',
      before,
      [...begun(before), link('verified', 'done', before), link('live', 'now')],
      'ask',
    ],
    ['led to a session that is not verified, and ended', null, [...begun(before), link('verified', 'now')], 'ask'],
    [
      'is being exchanged',
      null,
      [link('captured', 'done', after), link('delivered', 'done', after), link('exchanged', 'now')],
      'working',
    ],
    ['was refused', null, [link('captured', 'done', after), link('delivered', 'failed')], 'failed'],
    [
      'goes to a backend that proves nothing, and is on its way',
      null,
      [link('captured', 'done', before), link('delivered', 'now')],
      'working',
    ],
    [
      'was taken by a backend that proves nothing, before the failure',
      before,
      [link('captured', 'done', before), link('delivered', 'done', before)],
      'ask',
    ],
    ['has led to a session', after, begun(after), 'renewed'],
  ])('%s', (_, session, links, step) => {
    const account = { links, sessionAt: session, advice: null, status: 'working', says: '' } as const;
    expect(holdView(account, SINCE, { waiting: 1, pages: 1, turn: 0, isChosen: true }).step).toBe(step);
  });
});
