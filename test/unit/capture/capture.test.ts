import { describe, expect, it } from 'vitest';
import {
  type Evidence,
  isLoginAlive,
  judge,
  LOGIN_LIFETIME_MS,
  type Login,
} from '../../../utils/domain/capture/capture.ts';
import { PROVENANCE, type Sender, senderOf } from '../../../utils/domain/capture/provenance.ts';
import { login, NOW } from '../../support/samples/samples.ts';

const ours = login();
const hand = login({ by: 'hand', state: null });

const SENDERS = Object.keys(PROVENANCE) as Sender[];
const MARKS = ['mark', null, 'other', ''];
const LOGINS = [ours, hand, null];

const plain: Omit<Evidence, 'sender' | 'state' | 'login'> = {
  mode: 'forward',
  elsewhere: null,
  seen: false,
  spent: false,
  delivering: false,
  asked: false,
};

function verdictOf(evidence: Evidence): string {
  const verdict = judge(evidence);
  return 'why' in verdict ? `${verdict.kind} ${verdict.why}` : verdict.kind;
}

type Row = [verdict: string, sender: Sender, login: Login | null, state: string | null];

// Every combination that can occur: who sent it, which login it belongs to, and the state that came back.
const ROWS: Row[] = [
  ['accept', 'header', ours, 'mark'],
  ['ask state-missing', 'header', ours, null],
  ['refuse wrong-state', 'header', ours, 'other'],
  ['refuse wrong-state', 'header', ours, ''],
  ['accept', 'header', hand, null],
  ['refuse wrong-state', 'header', hand, 'other'],
  ['ask not-started-here', 'header', null, null],
  ['refuse wrong-state', 'header', null, 'other'],
  ['accept', 'page', ours, 'mark'],
  ['ask state-missing', 'page', ours, null],
  ['refuse wrong-state', 'page', ours, 'other'],
  ['accept', 'page', hand, null],
  ['ask not-started-here', 'page', null, null],
  ['refuse wrong-state', 'page', null, 'other'],
  ['accept', 'link', ours, 'mark'],
  ['ask state-missing', 'link', ours, null],
  ['refuse wrong-state', 'link', ours, 'other'],
  ['ask followed-link', 'link', hand, null],
  ['ask not-started-here', 'link', null, null],
  ['refuse wrong-state', 'link', null, 'other'],
  ['ask page-only', 'changed', ours, 'mark'],
  ['ask state-missing', 'changed', ours, null],
  ['refuse wrong-state', 'changed', ours, 'other'],
  ['ask page-only', 'changed', hand, null],
  ['refuse not-from-broker', 'changed', null, null],
  ['refuse wrong-state', 'changed', null, 'other'],
  ['ask page-only', 'script', ours, 'mark'],
  ['refuse not-from-broker', 'script', ours, null],
  ['refuse wrong-state', 'script', ours, 'other'],
  ['refuse not-from-broker', 'script', hand, null],
  ['refuse not-from-broker', 'script', null, null],
  ['refuse wrong-state', 'script', null, 'other'],
  ['ask page-only', 'nobody', ours, 'mark'],
  ['refuse not-from-broker', 'nobody', ours, null],
  ['refuse not-from-broker', 'nobody', ours, 'other'],
  ['refuse not-from-broker', 'nobody', hand, null],
  ['refuse not-from-broker', 'nobody', null, null],
  ['refuse not-from-broker', 'nobody', null, 'other'],
];

describe('the table of provenance (CAP-02)', () => {
  it.each(ROWS)('%s: sent by %s, login %o, state %s', (verdict, sender, armed, state) => {
    expect(verdictOf({ ...plain, sender, login: armed, state })).toBe(verdict);
  });

  const all = SENDERS.flatMap((sender) =>
    LOGINS.flatMap((armed) => MARKS.map((state): Evidence => ({ ...plain, sender, login: armed, state }))),
  );

  it('accepts nothing but our state back from the broker, or its own redirect in an armed tab', () => {
    const accepted = all.filter((one) => verdictOf(one) === 'accept');
    expect(accepted.map(({ sender, login: armed, state }) => [sender, armed?.by, state])).toEqual([
      ['header', 'us', 'mark'],
      ['header', 'hand', null],
      ['page', 'us', 'mark'],
      ['page', 'hand', null],
      ['link', 'us', 'mark'],
    ]);
  });

  it('asks about no token that is on its way already, and decides everything else as ever', () => {
    for (const one of all) {
      const verdict = verdictOf(one);
      const isAsked = verdict.startsWith('ask');
      expect(verdictOf({ ...one, delivering: true })).toBe(isAsked ? 'ignore' : verdict);
    }
  });

  it('never accepts what an attacker can bring about: a link by way of his site, a page of his, or no state', () => {
    const his = all.filter(({ sender, state }) => state !== 'mark' && !['header', 'page'].includes(sender));
    expect(his.filter((one) => ['accept', 'spent'].includes(verdictOf(one)))).toEqual([]);
  });
});

describe('a state that the login page carried when it was opened by hand, as after a restart', () => {
  const restored = login({ by: 'hand', state: null, carried: 'mark' });

  it('is worth as much as none, and any other is wrong', () => {
    for (const sender of SENDERS) {
      const world = { ...plain, sender, login: restored };
      expect(verdictOf({ ...world, state: 'mark' })).toBe(verdictOf({ ...world, login: hand, state: null }));
      expect(verdictOf({ ...world, state: 'other' })).toBe(verdictOf({ ...world, login: hand, state: 'other' }));
    }
  });

  it('does not bring a token back that was seen', () => {
    for (const sender of SENDERS)
      expect(verdictOf({ ...plain, sender, login: restored, state: 'mark', seen: true })).toBe('ignore');
  });
});

describe('who sent a redirect', () => {
  const BROKER = 'https://kite.zerodha.com';
  const start = { byHand: false, hopped: false };
  it.each<[Sender | null, Parameters<typeof senderOf>[0]]>([
    ['header', { origin: BROKER, isHeader: true, start: null }],
    [null, { origin: 'https://evil.example', isHeader: true, start: null }],
    ['page', { origin: BROKER, isHeader: false, start }],
    ['link', { origin: BROKER, isHeader: false, start: { ...start, byHand: true } }],
    ['link', { origin: BROKER, isHeader: false, start: { ...start, hopped: true } }],
    ['link', { origin: BROKER, isHeader: false, start: null }],
    ['nobody', { origin: 'https://evil.example', isHeader: false, start }],
    ['nobody', { origin: null, isHeader: false, start }],
    ['changed', { origin: BROKER, isHeader: false, ledOn: true, start }],
    ['nobody', { origin: null, isHeader: false, ledOn: true, start }],
  ])('%s: %o', (sender, vouched) => expect(senderOf(vouched, [BROKER])).toBe(sender));
});

describe('beside the table', () => {
  const good: Evidence = { ...plain, sender: 'header', login: ours, state: 'mark' };
  it.each<[string, string, Partial<Evidence>]>([
    ['ignore', 'a token seen before, and no login under way', { login: null, state: null, seen: true }],
    ['ignore', 'the same with a state that was used', { login: null, seen: true }],
    ['ignore', 'a redirect told of twice, whose tab was armed by hand besides', { login: hand, seen: true }],
    ['refuse wrong-state', 'a state of nobody in a tab armed by hand', { login: hand, state: 'other' }],
    [
      'refuse wrong-state',
      'a token seen before with another state, in a login of ours',
      { state: 'other', seen: true },
    ],
    ['accept', 'a token seen before, in a login begun anew', { seen: true }],
    ['accept', 'the same where it was begun by hand', { login: hand, state: null, seen: true }],
    ['ignore', 'a redirect that is told twice, its tab armed by hand since', { login: hand, seen: true }],
    ['refuse wrong-state', 'a state that is not the login’s, though seen', { state: 'other', seen: true }],
    ['refuse not-from-broker', 'another page’s, though seen', { sender: 'nobody', state: null, seen: true }],
    ['ignore', 'another address, and no login under way', { login: null, state: null, elsewhere: 'elsewhere' }],
    ['ask elsewhere', 'another address', { elsewhere: 'elsewhere' }],
    ['ask no-scheme', 'an address without its scheme', { elsewhere: 'no-scheme' }],
    ['waiting', 'another address that is asked about already', { elsewhere: 'elsewhere', asked: true }],
    ['refuse wrong-state', 'another address with a wrong state', { elsewhere: 'elsewhere', state: 'other' }],
    ['accept', 'a token that is asked about, with the login that names it', { asked: true }],
    ['waiting', 'a token that is asked about already', { login: null, state: null, asked: true }],
    ['spent', 'a token that the last login used up', { spent: true }],
    ['observe', 'a login that the backend’s own callback takes', { mode: 'observe' }],
    ['observe', 'one of these that was not begun here', { mode: 'observe', login: null, state: null }],
    ['refuse not-from-broker', 'one of these from another page', { mode: 'observe', sender: 'nobody', state: null }],
    ['ask elsewhere', 'one of these at another address', { mode: 'observe', elsewhere: 'elsewhere' }],
  ])('%s: %s', (verdict, _what, change) => expect(verdictOf({ ...good, ...change })).toBe(verdict));
});

describe('a login under way', () => {
  it.each([
    [true, 'to its last moment', { at: NOW - LOGIN_LIFETIME_MS }],
    [false, 'not a moment longer', { at: NOW - LOGIN_LIFETIME_MS - 1 }],
    [false, 'not before it began, when the clock jumped back', { at: NOW + 2_001 }],
    [true, 'while the clock is set right by a little', { at: NOW + 2_000 }],
  ])('counts %s: %s', (expected, _when, change) => expect(isLoginAlive(login(change), NOW)).toBe(expected));
});
