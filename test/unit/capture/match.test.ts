import { describe, expect, it } from 'vitest';
import { type Arrival, areTwins, match, matchEmpty } from '../../../utils/domain/capture/match.ts';
import { account, BREEZE_TOKEN, KITE_TOKEN, login, NOW } from '../../support/samples/samples.ts';

const KITE = 'https://kite.zerodha.com';
const BREEZE = 'https://api.icicidirect.com';
const HERE = 'http://127.0.0.1:8000/';
const kite = account({ id: 'account1', redirectUrl: HERE });
const twin = account({ id: 'account2', name: 'second', apiKey: 'another', redirectUrl: HERE });
const beside = account({ id: 'account3', name: 'third', apiKey: 'third', redirectUrl: 'http://127.0.0.1:8000/third' });
const breeze = account({ id: 'account4', name: 'fourth', broker: 'icici', redirectUrl: HERE });

const arrival = (change: Partial<Arrival> = {}): Arrival => ({
  tab: 7,
  url: `${HERE}?request_token=${KITE_TOKEN}&ob_state=mark`,
  origin: KITE,
  isHeader: true,
  start: null,
  ...change,
});

const unmarked = `${HERE}?request_token=${KITE_TOKEN}`;
const of = (accounts: Parameters<typeof match>[1]['accounts'], change = {}, logins = [login()]) =>
  match(arrival(change), { accounts, logins, now: NOW });

describe('the account that a redirect is for', () => {
  it.each<[string, string | undefined, ReturnType<typeof of>]>([
    ['the only one registered there', 'account1', of([kite], { url: unmarked }, [])],
    ['the one whose state comes back', 'account2', of([kite, twin], {}, [login({ account: 'account2' })])],
    ['that one also in another tab', 'account2', of([kite, twin], { tab: 99 }, [login({ account: 'account2' })])],
    [
      'the one whose login is under way in the tab',
      'account2',
      of([kite, twin], { url: unmarked }, [login({ account: 'account2', state: null })]),
    ],
    ['the first of twins, where nothing tells them apart', 'account1', of([kite, twin], { url: unmarked }, [])],
    [
      'the one of that broker',
      'account4',
      of([kite, breeze], { url: `${HERE}?apisession=${BREEZE_TOKEN}`, origin: BREEZE }, []),
    ],
    ['none that is paused', undefined, of([{ ...kite, paused: true }])],
    ['none where another host sent the header', undefined, of([kite], { origin: 'https://evil.example' })],
    ['none at another address that a stranger opened', undefined, of([beside], { origin: null, isHeader: false })],
    [
      'the one whose login is under way, though it arrived elsewhere',
      'account3',
      of([kite, beside], {}, [login({ account: 'account3' })]),
    ],
    ['none without a token', undefined, of([kite], { url: `${HERE}?ob_state=mark` })],
  ])('is %s', (_which, expected, found) => expect(found?.account.id).toBe(expected));

  it('comes with its twins only where no login tells them apart', () => {
    const twinsOf = (found: ReturnType<typeof of>) => found?.twins.map(({ id }) => id);
    expect(twinsOf(of([kite, twin, beside], { url: unmarked }, []))).toEqual(['account2']);
    expect(twinsOf(of([kite, twin], {}))).toEqual([]);
  });

  it.each<[areTwins: boolean, what: string, other: typeof kite]>([
    [true, 'at one address', twin],
    [true, 'at one address, the slash left out', { ...twin, redirectUrl: HERE.slice(0, -1) }],
    [false, 'at another path', beside],
    [false, 'of another broker', breeze],
  ])('%s: accounts that nothing tells apart are %s', (expected, _, other) => {
    expect([areTwins(kite, other), areTwins(other, kite)]).toEqual([expected, expected]);
  });

  it('comes with the login of its state, whatever tab has another', () => {
    const stale = login({ tab: 7, state: null, by: 'hand' });
    expect(of([kite], {}, [stale, login({ tab: 8 })])?.login?.tab).toBe(8);
    expect(of([kite], { url: unmarked }, [stale, login({ tab: 8 })])?.login?.tab).toBe(7);
  });

  it('has no login that is over', () => {
    expect(of([kite], {}, [login({ at: NOW - 11 * 60_000 })])?.login).toBeNull();
  });

  it('names the place where it arrived, if that is not the registered one', () => {
    expect(of([beside], {}, [login({ account: 'account3' })])?.place).toBe(HERE);
    expect(of([kite])?.place).toBeNull();
  });
});

describe('a sealed address that the broker’s page led to without a login', () => {
  const world = { accounts: [breeze, kite], logins: [], now: NOW };
  const page = { origin: BREEZE, isHeader: false, url: HERE };
  it.each<[string | undefined, string, Partial<Arrival>]>([
    ['no-token', 'a link back', page],
    ['no-token', 'a form that says why it failed', { ...page, form: { error: ['locked'] } }],
    ['malformed-token', 'a token that is none', { ...page, url: `${HERE}?apisession=x` }],
    ['several-tokens', 'two tokens', { ...page, url: `${HERE}?apisession=11111111&API_Session=22222222` }],
    [undefined, 'another path', { ...page, url: `${HERE}other` }],
    [undefined, 'another port', { ...page, url: 'http://127.0.0.1:8001/' }],
    [undefined, 'a page of anybody', { ...page, origin: 'https://evil.example' }],
    [undefined, 'typed', { ...page, origin: null }],
  ])('%s: %s', (reason, _what, change) => {
    expect(matchEmpty(arrival({ ...change }), world)?.reason).toBe(reason);
  });

  it('is none at the broker’s own host, where its other pages are', () => {
    const own = account({ broker: 'icici', redirectUrl: `${BREEZE}/apiuser/home` });
    const at = arrival({ ...page, url: `${BREEZE}/apiuser/home` });
    expect(matchEmpty(at, { ...world, accounts: [own] })).toBeNull();
  });
});
