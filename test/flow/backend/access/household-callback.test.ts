import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccountName, brokerOf } from '../../../../backend/src/config/account-name.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../../brokers/index.ts';
import { appOf, householdEnv, registerHousehold } from '../../../support/backend/household.ts';
import { type Spawned, spawnBackend, temporaryDir } from '../harness.ts';

const CALLBACK = '/api/auth/callback';

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
});
afterAll(() => brokers.close());
beforeEach(async () => {
  dir = temporaryDir();
  registerHousehold(brokers);
  brokers.breeze.shape = { delivery: 'get', spelling: 'apisession' };
  await start();
});
afterEach(async () => {
  await backend.kill('SIGTERM');
  dir.remove();
  brokers.kite.endSession();
  brokers.kite.forget();
  brokers.breeze.endSession();
  brokers.breeze.forget();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  backend = await spawnBackend({ ...brokers.nodeEnv, ...householdEnv(), DATA_DIR: dir.path, ...env }, dir.path);
}

/** A token that a login of this account's app gives. */
function issue(name: AccountName): string {
  const { apiKey } = appOf(name);
  return brokerOf(name) === 'zerodha' ? brokers.kite.issue(apiKey) : brokers.breeze.issue(apiKey);
}

describe('a redirect to the backend’s own callback', () => {
  /** The apps' redirect URLs lead here. */
  function register(paths: Partial<Record<AccountName, string>>) {
    for (const [name, path] of Object.entries(paths) as [AccountName, string][])
      brokers.book(brokerOf(name)).register({ ...appOf(name), redirectUrl: `${backend.url}${path}` });
  }

  /** Begins a login at our own route, as the page's button does. */
  async function begin(name: AccountName) {
    const begun = await fetch(`${backend.url}/api/auth/login?broker=${name}`, {
      redirect: 'manual',
      headers: backend.key(),
    });
    return {
      cookie: begun.headers.getSetCookie()[0]?.split(';')[0] ?? '',
      visit: await brokers.browse(begun.headers.get('location') ?? ''),
    };
  }

  async function follow(url: string, headers: Record<string, string> = {}, form?: URLSearchParams) {
    const post = form === undefined ? {} : { method: 'POST', body: form };
    const answer = await fetch(url, { redirect: 'manual', headers, ...post });
    return new URL(answer.headers.get('location') ?? '', url);
  }
  const resultOf = (place: URL) => place.searchParams.get('login');
  const states = async () =>
    Object.fromEntries(
      (await (await fetch(`${backend.url}/status`)).json()).accounts.map(
        (one: { account: string; session: { state: string } }) => [one.account, one.session.state],
      ),
    );
  const withSession = async () =>
    Object.entries(await states()).flatMap(([name, state]) => (state === 'none' ? [] : [name]));

  it('is of the account whose login began here, by its state', async () => {
    register({ zerodha: CALLBACK, 'zerodha-spouse': CALLBACK });
    const spouse = await begin('zerodha-spouse');
    const own = await begin('zerodha');
    expect(resultOf(await follow(spouse.visit.url))).toBe('applied');
    expect(await withSession()).toEqual(['zerodha-spouse']);
    expect(resultOf(await follow(own.visit.url))).toBe('applied');
    expect(await withSession()).toEqual(['zerodha', 'zerodha-spouse']);
    expect(resultOf(await follow(own.visit.url))).toBe('already_used');
  });

  it('is of the account of its state, also where the app has registered the path of another', async () => {
    register({ 'zerodha-spouse': `${CALLBACK}/zerodha` });
    const { visit } = await begin('zerodha-spouse');
    expect(resultOf(await follow(visit.url))).toBe('applied');
    expect(await withSession()).toEqual(['zerodha-spouse']);
  });

  it('is of the account that its path names', async () => {
    register({ 'zerodha-spouse': `${CALLBACK}/zerodha-spouse`, 'icici-huf': `${CALLBACK}/icici-huf` });
    // A login that the extension began brings no state of ours.
    const place = await follow(
      `${backend.url}${CALLBACK}/zerodha-spouse?status=success&request_token=${issue('zerodha-spouse')}`,
    );
    expect([resultOf(place), place.pathname]).toEqual(['applied', '/']);
    const { visit } = await begin('icici-huf');
    expect(resultOf(await follow(visit.url))).toBe('applied');
    expect(await withSession()).toEqual(['zerodha-spouse', 'icici-huf']);
  });

  it('of a broker that brings no state back is of the one login that began in this browser', async () => {
    register({ icici: CALLBACK, 'icici-spouse': CALLBACK });
    const { visit, cookie } = await begin('icici-spouse');
    expect(resultOf(await follow(visit.url, { cookie }))).toBe('applied');
    expect(await withSession()).toEqual(['icici-spouse']);
  });

  it('is of the one account that has registered this very address', async () => {
    await backend.kill('SIGTERM');
    await start({ BREEZE_FRIEND_REDIRECT_URL: `${backend.url}${CALLBACK}` });
    expect(resultOf(await follow(`${backend.url}${CALLBACK}?apisession=${issue('icici-friend')}`))).toBe('applied');
    expect(await withSession()).toEqual(['icici-friend']);
  });

  it.each([
    ['a token of Kite without a state', () => `?status=success&request_token=${issue('zerodha')}`, ''],
    ['a token of Breeze without a cookie', () => `?apisession=${issue('icici')}`, ''],
    ['a path that names no account', () => `?apisession=${issue('icici')}`, '/icici-nobody'],
    ['a path that names an account of another broker', () => `?apisession=${issue('icici')}`, '/zerodha-spouse'],
  ])('is given to no account where nobody can tell whose it is: %s', async (_name, query, path) => {
    expect(resultOf(await follow(`${backend.url}${CALLBACK}${path}${query()}`))).toBe('which_account');
    expect([brokers.kite.exchanges, brokers.breeze.exchanges]).toEqual([[], []]);
    const words = await (await fetch(`${backend.url}/assets/login-results.js`)).text();
    expect(words).toContain('which_account');
  });

  describe('beside brokers that call their tokens alike', () => {
    const token = (name: AccountName) => `?status=success&request_token=${issue(name)}`;
    beforeEach(async () => {
      await backend.kill('SIGTERM');
      const others = ['PAYTM', 'FIVEPAISA'].flatMap((broker) => [
        [`${broker}_API_KEY`, 'k'],
        [`${broker}_API_SECRET`, 's'],
      ]);
      await start({ ...Object.fromEntries(others), FIVEPAISA_APP_USER_ID: 'u' });
    });

    it('is of the account whose login began here, by its state', async () => {
      register({ zerodha: CALLBACK });
      const { visit } = await begin('zerodha');
      expect(resultOf(await follow(visit.url))).toBe('applied');
      expect(await withSession()).toEqual(['zerodha']);
    });

    it('is of the account that its path names', async () => {
      // A login that the extension began brings no state of ours.
      const path = `${CALLBACK}/zerodha-spouse`;
      expect(resultOf(await follow(`${backend.url}${path}${token('zerodha-spouse')}`))).toBe('applied');
      expect(await withSession()).toEqual(['zerodha-spouse']);
    });

    it('is shown to none where nothing tells whose it is', async () => {
      expect(resultOf(await follow(`${backend.url}${CALLBACK}${token('zerodha')}`))).toBe('which_account');
      expect(brokers.kite.exchanges).toEqual([]);
    });
  });

  it('is given to no account where two logins began in one browser', async () => {
    register({ icici: CALLBACK, 'icici-spouse': CALLBACK });
    const one = await begin('icici');
    const other = await begin('icici-spouse');
    const cookie = `${one.cookie}; ${other.cookie}`;
    expect(resultOf(await follow(one.visit.url, { cookie }))).toBe('which_account');
    expect(brokers.breeze.exchanges).toEqual([]);
    // The path of an account tells, also then.
    const { search } = new URL(one.visit.url);
    expect(resultOf(await follow(`${backend.url}${CALLBACK}/icici${search}`, { cookie }))).toBe('applied');
    expect(await withSession()).toEqual(['icici']);
  });
});
