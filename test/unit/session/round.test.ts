import { describe, expect, it } from 'vitest';
import { LOGIN_LIFETIME_MS } from '../../../utils/domain/capture/capture.ts';
import {
  advance,
  judgeTurn,
  nextTurn,
  type Round,
  type RoundWorld,
  type Turn,
} from '../../../utils/domain/session/round.ts';
import { HOUR, MINUTE } from '../../../utils/shared/time.ts';
import { NOW } from '../../support/samples/samples.ts';

const turn = (change: Partial<Turn> = {}): Turn => ({
  isGone: false,
  isDue: true,
  isAsked: false,
  isStuck: false,
  token: 'none',
  isEmpty: false,
  isJudging: false,
  tab: 'open',
  ...change,
});

const accounts = ['account1', 'account2', 'account3'];
const SINCE = NOW - MINUTE;
const at = (place: number, step: Round['step'] = { is: 'open', since: SINCE }): Round => ({
  accounts,
  turn: place,
  step,
});
const stopped = (place: number, why: 'closed' | 'stuck', since = NOW): Round =>
  at(place, { is: 'stopped', why, words: null, at: since });

/** A world in which all accounts are due, and the login of the turn is open; `now` is a minute after it was opened. */
const world = (change: Partial<RoundWorld> = {}, known: Partial<Turn> = {}): RoundWorld => ({
  turnOf: () => turn(known),
  isDue: () => true,
  isWell: () => false,
  isOpening: () => false,
  now: NOW,
  ...change,
});

describe('a login whose turn it is', () => {
  it.each<[what: string, known: Partial<Turn>, isLate: boolean, verdict: ReturnType<typeof judgeTurn>]>([
    ['is waited for', {}, false, 'wait'],
    ['is waited for where its tab is not known', { tab: 'none' }, false, 'wait'],
    ['is over once its destination has it', { token: 'over' }, false, 'next'],
    ['is over, also where another question is open', { token: 'over', isAsked: true }, false, 'next'],
    ['is waited for while its token is under way', { token: 'under-way', tab: 'closed' }, true, 'wait'],
    ['is waited for while its redirect is judged', { isJudging: true, tab: 'closed' }, true, 'wait'],
    ['stops where it raises a question', { isAsked: true }, false, 'asked'],
    ['stops where it came to nothing at the broker', { isStuck: true }, false, 'stuck'],
    ['stops where the token was another person’s', { isStuck: true, token: 'failed' }, false, 'stuck'],
    ['stops where its delivery failed', { token: 'failed', isDue: false }, false, 'failed'],
    ['stops where its redirect brought no token', { isEmpty: true }, false, 'empty'],
    ['is not stopped by an empty redirect before its token', { isEmpty: true, token: 'under-way' }, false, 'wait'],
    ['stops with its tab', { tab: 'closed' }, false, 'closed'],
    ['stops after as long as a login is expected', {}, true, 'late'],
    ['is over where the account was logged in elsewhere', { tab: 'closed', isDue: false }, false, 'next'],
    ['is over in time where the account was logged in elsewhere', { isDue: false }, true, 'next'],
    ['is not over elsewhere while its own tab is open', { isDue: false }, false, 'wait'],
    ['is over with its account', { isGone: true }, false, 'next'],
  ])('%s', (_what, known, isLate, verdict) => expect(judgeTurn(turn(known), isLate)).toBe(verdict));
});

describe('a round of logins (CAP-15)', () => {
  it.each<[what: string, round: Round, world: RoundWorld, then: Round | null]>([
    ['asks for the first login', at(0, { is: 'due' }), world(), at(0, { is: 'due' })],
    ['waits for the login that is open', at(0), world(), at(0)],
    ['asks for the next after one that is over', at(0), world({}, { token: 'over' }), at(1, { is: 'due' })],
    [
      'passes over an account that needs no login any more',
      at(0),
      world({ isDue: (id) => id === 'account3' }, { token: 'over' }),
      at(2, { is: 'due' }),
    ],
    ['is over after the last', at(2), world({}, { token: 'over' }), null],
    ['is over where nobody needs a login', at(0, { is: 'due' }), world({ isDue: () => false }), null],
    ['stops at a login that failed', at(1), world({}, { tab: 'closed' }), stopped(1, 'closed')],
    ['stops at the last one too', at(2), world({}, { isStuck: true }), stopped(2, 'stuck')],
    ['opens nothing over a login that stopped it', stopped(0, 'stuck'), world(), stopped(0, 'stuck')],
    ['forgets a stop that nobody answered', stopped(0, 'stuck', NOW - HOUR - 1), world(), null],
    ['forgets a stop after which all is well', stopped(0, 'stuck'), world({ isWell: () => true }), null],
    [
      'leaves the login alone that is being opened',
      at(0, { is: 'opening', since: SINCE }),
      world({ isOpening: () => true }, { tab: 'none' }),
      at(0, { is: 'opening', since: SINCE }),
    ],
    [
      'opens a login again that a killed background had not come to',
      at(0, { is: 'opening', since: SINCE }),
      world({}, { tab: 'none' }),
      at(0, { is: 'due' }),
    ],
    [
      'opens none again that a killed background had opened',
      at(0, { is: 'opening', since: SINCE }),
      world(),
      at(0, { is: 'opening', since: SINCE }),
    ],
    [
      'opens none again whose token came',
      at(0, { is: 'opening', since: SINCE }),
      world({}, { tab: 'none', token: 'under-way' }),
      at(0, { is: 'opening', since: SINCE }),
    ],
    [
      'stops in the time that a login has',
      at(0),
      world({ now: SINCE + LOGIN_LIFETIME_MS + 1 }),
      at(0, { is: 'stopped', why: 'late', words: null, at: SINCE + LOGIN_LIFETIME_MS + 1 }),
    ],
    [
      'stops where the clock was set back',
      at(0),
      world({ now: SINCE - HOUR }),
      at(0, { is: 'stopped', why: 'late', words: null, at: SINCE - HOUR }),
    ],
  ])('%s', (_what, round, known, then) => expect(advance(round, known)).toEqual(then));

  it('goes on with the next one after a stop', () =>
    expect(nextTurn(stopped(0, 'closed'))).toEqual(at(1, { is: 'due' })));
});
