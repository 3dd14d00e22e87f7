import { describe, expect, it } from 'vitest';
import { judge, LOGIN_LIFETIME_MS, type Login, type Provenance } from '../../../utils/domain/capture/capture.ts';
import { login, NOW } from '../../support/samples/samples.ts';

const ours = login();
const hand = login({ by: 'hand', state: null });

type Row = [verdict: string, provenance: Provenance, login: Login | null, state: string | null, seen: boolean];
function verdictOf([, provenance, armed, state, seen]: Row): string {
  const verdict = judge({ account: 'account1', state, provenance, login: armed, seen, now: NOW });
  return 'why' in verdict ? `${verdict.kind} ${verdict.why}` : verdict.kind;
}

// Every combination of who vouches, which login is under way in the tab, the state that came back, and the ledger.
const KITE: Row[] = [
  ['accept', 'broker', ours, 'mark', false],
  ['accept', 'broker', ours, 'mark', true],
  ['ask state-missing', 'broker', ours, null, false],
  ['ask state-missing', 'broker', ours, null, true],
  ['refuse wrong-state', 'broker', ours, 'other', false],
  ['refuse wrong-state', 'broker', ours, 'other', true],
  ['refuse wrong-state', 'broker', ours, '', false],
  ['accept', 'broker', hand, null, false],
  ['accept', 'broker', hand, null, true],
  ['refuse wrong-state', 'broker', hand, 'mark', false],
  ['refuse wrong-state', 'broker', hand, 'mark', true],
  ['ask not-started-here', 'broker', null, null, false],
  ['ignore', 'broker', null, null, true],
  ['refuse wrong-state', 'broker', null, 'mark', false],
  ['ignore', 'broker', null, 'mark', true],
  ['ask page-only', 'page', ours, 'mark', false],
  ['ask page-only', 'page', ours, 'mark', true],
  ['refuse not-from-broker', 'page', ours, null, false],
  ['refuse wrong-state', 'page', ours, 'other', false],
  ['refuse not-from-broker', 'page', hand, null, false],
  ['refuse not-from-broker', 'page', null, null, false],
  ['refuse wrong-state', 'page', null, 'mark', false],
  ['ignore', 'page', null, null, true],
  ['refuse not-from-broker', 'nobody', ours, 'mark', false],
  ['refuse not-from-broker', 'nobody', ours, 'mark', true],
  ['refuse not-from-broker', 'nobody', ours, null, false],
  ['refuse not-from-broker', 'nobody', hand, null, false],
  ['refuse not-from-broker', 'nobody', null, null, false],
  ['ignore', 'nobody', null, null, true],
  ['ask pasted', 'paste', ours, 'mark', false],
  ['ask pasted', 'paste', hand, 'other', true],
  ['ask pasted', 'paste', null, null, false],
  ['ask pasted', 'paste', null, null, true],
];

describe('a redirect of a broker that carries our state back', () => {
  it.each(KITE)('%s: %s, login %o, state %s, seen %s', (...row) => expect(verdictOf(row)).toBe(row[0]));

  it('is captured by nothing but the three of broker, login and state', () => {
    const provenances: Provenance[] = ['broker', 'page', 'paste', 'nobody'];
    const all = provenances.flatMap((provenance) =>
      [ours, hand, null].flatMap((armed) =>
        ['mark', 'other', '', null].flatMap((state) =>
          [true, false].map((seen): Row => ['', provenance, armed, state, seen]),
        ),
      ),
    );
    const accepted = all.filter((row) => verdictOf(row) === 'accept');
    expect(accepted).toHaveLength(4);
    for (const [, provenance, armed, state] of accepted)
      expect([provenance, state]).toEqual(['broker', armed === ours ? 'mark' : null]);
  });
});

const unmarked = login({ state: null });
const BREEZE: Row[] = [
  ['accept', 'broker', unmarked, null, false],
  ['accept', 'broker', hand, null, true],
  ['ask not-started-here', 'broker', null, null, false],
  ['ignore', 'broker', null, null, true],
  ['refuse not-from-broker', 'page', hand, null, false],
  ['refuse not-from-broker', 'page', null, null, false],
  ['refuse not-from-broker', 'nobody', unmarked, null, false],
  ['refuse not-from-broker', 'nobody', null, null, false],
  ['ask pasted', 'paste', null, null, true],
];

describe('a redirect of a broker without a state', () => {
  it.each(BREEZE)('%s: %s, login %o, state %s, seen %s', (...row) => expect(verdictOf(row)).toBe(row[0]));
});

describe('a login under way', () => {
  it.each([
    ['to its last moment', { at: NOW - LOGIN_LIFETIME_MS }, 'accept'],
    ['not a moment longer', { at: NOW - LOGIN_LIFETIME_MS - 1 }, 'refuse wrong-state'],
    ['not before it began, when the clock jumped back', { at: NOW + 2_001 }, 'refuse wrong-state'],
    ['while the clock is set right by a little', { at: NOW + 2_000 }, 'accept'],
    ['for its own account only', { account: 'account2' }, 'refuse wrong-state'],
  ])('counts %s', (_when, change, expected) => {
    expect(verdictOf(['', 'broker', login(change), 'mark', false])).toBe(expected);
  });
});
