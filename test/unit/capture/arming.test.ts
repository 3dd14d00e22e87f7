import { describe, expect, it } from 'vitest';
import { arm, type BrokerPage } from '../../../utils/domain/capture/arming.ts';
import { watched } from '../../../utils/domain/capture/match.ts';
import { account, login, NOW } from '../../support/samples/samples.ts';

const KEYED = 'https://kite.zerodha.com/connect/login?v=3&api_key=kitekey';
const OWN = 'chrome-extension://us';
const BACKEND = 'https://trade.example';

const typed: BrokerPage = { tab: 7, url: KEYED, site: 'none', hopped: false, isPrefetch: false, origin: null };
const linked: BrokerPage = { ...typed, site: 'cross-site' };
const accounts = [
  account({ id: 'account1', apiKey: 'kitekey' }),
  account({ id: 'account2', name: 'second', apiKey: 'second' }),
];
const hand = login({ by: 'hand', state: null, tab: 7 });
const unmarked = login({ by: 'us', state: null, tab: 7 });
const marked = login({ by: 'us', tab: 7 });

type Row = [does: 'arms' | 'ends' | 'leaves', what: string, page: BrokerPage, here?: ReturnType<typeof login>];
const key = (name: string) => ({ url: KEYED.replace('kitekey', name) });

const ROWS: Row[] = [
  ['arms', 'typed or bookmarked', typed],
  ['arms', 'linked from the backend’s own page', { ...linked, origin: BACKEND }],
  ['arms', 'typed, for another account than the tab was armed for', { ...typed, ...key('second') }, hand],
  ['arms', 'typed, for another account than we opened the tab for', { ...typed, ...key('second') }, unmarked],
  ['leaves', 'opened by us, as Firefox names it', { ...typed, site: 'same-origin', origin: OWN }, unmarked],
  ['leaves', 'opened by us, as Chromium shows it', typed, unmarked],
  ['arms', 'opened by us once and loaded again, in a free tab', { ...typed, site: 'same-origin', origin: OWN }],
  [
    'arms',
    'opened by us once and loaded again, in a tab of another',
    { ...typed, ...key('second'), origin: OWN },
    hand,
  ],
  ['leaves', 'opened by us once and loaded again by way of another site', { ...typed, origin: OWN, hopped: true }],
  ['leaves', 'opened by us, of a key that nobody has here', { ...typed, ...key('other'), origin: OWN }, unmarked],
  ['leaves', 'prefetched, of another account, in an armed tab', { ...typed, ...key('second'), isPrefetch: true }, hand],
  ['leaves', 'prefetched by another page', { ...typed, isPrefetch: true }],
  ['leaves', 'prefetched, in an armed tab', { ...linked, isPrefetch: true }, hand],
  ['leaves', 'typed, but by way of another site', { ...typed, hopped: true }],
  ['leaves', 'linked by another page', { ...linked, origin: 'https://evil.example' }],
  ['leaves', 'linked by another page that the browser does not name', linked],
  ['leaves', 'linked from the backend’s own page by way of another site', { ...linked, origin: BACKEND, hopped: true }],
  ['leaves', 'typed, of a key that nobody has here', { ...typed, ...key('other') }],
  ['leaves', 'another page of the broker', { ...typed, url: 'https://kite.zerodha.com/dashboard' }, hand],
  ['leaves', 'the broker’s own page, the same login again', { ...linked, origin: 'https://kite.zerodha.com' }, hand],
  ['ends', 'linked by another page', linked, hand],
  ['ends', 'linked by another page, in a tab of ours', linked, unmarked],
  ['ends', 'linked by another page, to another account', { ...linked, ...key('second') }, hand],
  ['ends', 'linked by another page, to another app', { ...linked, ...key('other') }, hand],
  ['ends', 'linked from the backend’s own page, to another app', { ...linked, ...key('other'), origin: BACKEND }, hand],
  ['ends', 'typed by way of another site, of another account', { ...typed, ...key('second'), hopped: true }, hand],
  ['leaves', 'linked by another page, where a state will tell', linked, marked],
  ['ends', 'typed, of a key that nobody has here', { ...typed, ...key('other') }, hand],
  [
    'ends',
    'the broker’s page, to another app',
    { ...linked, ...key('other'), origin: 'https://kite.zerodha.com' },
    hand,
  ],
  [
    'ends',
    'the broker’s page, to another account',
    { ...linked, ...key('second'), origin: 'https://kite.zerodha.com' },
    hand,
  ],
  ['ends', 'typed by way of another site, of another key', { ...typed, ...key('other'), hopped: true }, hand],
];

describe('a request for a login page', () => {
  it.each(ROWS)('%s: %s', (does, _what, page, here) => {
    const world = { accounts: watched(accounts), theirs: new Set([BACKEND]), own: OWN, now: NOW };
    const done = arm(page, { ...world, logins: here ? [here] : [] });
    expect(done.arm ? 'arms' : done.disarm.length > 0 ? 'ends' : 'leaves').toBe(does);
    if (done.arm) expect(done).toMatchObject({ arm: { tab: 7, by: 'hand', state: null, at: NOW }, disarm: [] });
  });

  it.each([
    ['zerodha', 'kitekey', `${KEYED}&redirect_params=ob_state%3Dabc&sess_id=1`, 'abc'],
    ['zerodha', 'kitekey', `${KEYED}&redirect_params=other%3Dabc`, undefined],
    ['upstox', 'key', 'https://api.upstox.com/v2/login/authorization/dialog?client_id=key&state=abc', 'abc'],
    ['icici', 'key', 'https://api.icicidirect.com/apiuser/login?api_key=key&ob_state=abc', undefined],
  ] as const)('of %s keeps the state that its address carries: %s %s', (broker, apiKey, url, carried) => {
    const world = { theirs: new Set<string>(), own: OWN, now: NOW, logins: [] };
    const done = arm({ ...typed, url }, { ...world, accounts: watched([account({ id: 'account1', broker, apiKey })]) });
    expect(done.arm).toEqual({ tab: 7, account: 'account1', by: 'hand', state: null, carried, at: NOW });
  });

  it('arms for nobody where two accounts have its key', () => {
    const twins = [...accounts, account({ id: 'account3', name: 'third', apiKey: 'kitekey' })];
    const world = { accounts: watched(twins), theirs: new Set<string>(), own: OWN, now: NOW, logins: [] };
    expect(arm(typed, world)).toEqual({ arm: null, disarm: [] });
  });

  it('is the same beside accounts of other brokers, and logins in other tabs', () => {
    const both = [...accounts, account({ id: 'account3', name: 'breeze', broker: 'icici', apiKey: 'breezekey' })];
    const world = { accounts: watched(both), theirs: new Set<string>(), own: OWN, now: NOW };
    const elsewhere = { ...hand, tab: 8 };
    expect(arm(typed, { ...world, logins: [elsewhere] }).arm).toMatchObject({ account: 'account1' });
    expect(arm(linked, { ...world, logins: [elsewhere] })).toEqual({ arm: null, disarm: [] });
    const again = { ...linked, origin: 'https://kite.zerodha.com' };
    expect(arm(again, { ...world, logins: [hand] })).toEqual({ arm: null, disarm: [] });
  });

  it('leaves the login of one of two accounts that have its key', () => {
    const twins = [...accounts, account({ id: 'account3', name: 'third', apiKey: 'kitekey' })];
    const world = { accounts: watched(twins), theirs: new Set<string>(), own: OWN, now: NOW, logins: [hand] };
    expect(arm({ ...linked, origin: 'https://kite.zerodha.com' }, world)).toEqual({ arm: null, disarm: [] });
  });
});
