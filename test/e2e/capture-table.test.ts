import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerId } from '../../utils/domain/contract.ts';
import type { AccountView } from '../../utils/domain/overview.ts';
import { writePairing } from '../../utils/domain/pairing.ts';
import type { BreezeShape, Fault, KiteShape, PracticeBrokers } from '../brokers/index.ts';
import { startPracticeBrokers } from '../brokers/index.ts';
import type { Browser, Tab } from '../support/browser.ts';
import { openDestination, type TestDestination } from '../support/destination.ts';
import { APPS } from '../support/practice.ts';
import { startBrowser } from '../support/start-browser.ts';
import { startTarget, type Target } from '../support/target.ts';
import { until } from '../support/until.ts';

const KITE: KiteShape = { order: 'token-last', withType: true, withAction: true, consent: false, silent: false };
const BREEZE_DELIVERIES = ['post+query', 'post', 'get'] as const;
const BREEZE_SPELLINGS = ['API_Session', 'apisession', 'api_session'] as const;

/** One way in which a broker's login comes back. */
type Shape = { name: string; path: string } & (
  | { broker: 'zerodha'; shape: KiteShape; way: 'button' | 'typed' }
  | { broker: 'icici'; shape: BreezeShape }
);

const kite = (name: string, change: Partial<KiteShape> = {}, path = '/callback', way: 'button' | 'typed' = 'button') =>
  ({ broker: 'zerodha', name: `Kite, ${name}`, shape: { ...KITE, ...change }, path, way }) as const;

const SHAPES: Shape[] = [
  kite('token last'),
  kite('token first', { order: 'token-first' }),
  kite('without type', { withType: false }),
  kite('without action', { withAction: false }),
  kite('with neither', { withType: false, withAction: false }),
  kite('redirect URL with a query of its own', {}, '/callback?app=mine&x='),
  kite('redirect URL without a path', {}, ''),
  kite('consent page', { consent: true }),
  kite('silent, its address typed', { silent: true }, '/callback', 'typed'),
  ...BREEZE_DELIVERIES.flatMap((delivery) =>
    BREEZE_SPELLINGS.map((spelling) => ({
      broker: 'icici' as const,
      name: `Breeze, ${delivery}, ${spelling}`,
      shape: { delivery, spelling },
      path: '/breeze',
    })),
  ),
];

// The sealed ones first: none of their addresses may stand in the history, which later ones fill.
const ROWS = (['seal', 'forward'] as const).flatMap((mode) =>
  SHAPES.flatMap((shape) =>
    (['live', 'dead'] as const).flatMap((target) =>
      (['awake', 'dead'] as const).map((worker) => ({ ...shape, mode, target, worker })),
    ),
  ),
);
type Row = (typeof ROWS)[number];

/** What comes back without being a login: the way there, and the redirect URL's own part in it. */
const NO_LOGINS: { name: string; broker: BrokerId; fault?: Fault; path?: string }[] = [
  { name: 'Kite answers the finished login with an error', broker: 'zerodha', fault: 'kite.login.error' },
  { name: 'Kite redirects with a status that is not success', broker: 'zerodha', fault: 'kite.login.failed' },
  { name: 'a Kite basket comes back with a token', broker: 'zerodha', path: '/basket-return' },
  { name: 'a Kite basket comes back without a token', broker: 'zerodha', path: '/basket-return?bare' },
  { name: 'Breeze does not know the key', broker: 'icici', fault: 'breeze.login.unknown-key' },
];

function isDelivered(account: AccountView | undefined, since: number): boolean {
  const at = account?.links?.find(({ name, state }) => name === 'delivered' && state === 'done')?.at;
  return (at ?? 0) >= since;
}

describe('a redirect of any shape is captured once and delivered once', () => {
  let brokers: PracticeBrokers;
  let browser: Browser;
  let destination: TestDestination;
  let targets: Record<Row['target'], Target>;
  const ids = { zerodha: '', icici: '' };

  beforeAll(async () => {
    brokers = await startPracticeBrokers();
    destination = await openDestination();
    targets = { live: await startTarget(true, ''), dead: await startTarget(false, '') };
    browser = await startBrowser({ brokers });
    await browser.allow('https://kite.zerodha.com/*', 'https://api.icicidirect.com/*', 'http://127.0.0.1/*');
    for (const broker of ['zerodha', 'icici'] as const) ids[broker] = await pair(broker);
    // The first login needs a person; its cookie makes a silent one possible.
    register('zerodha', targets.dead.url);
    await save('zerodha', targets.dead.url, 'seal');
    await logIn({ ...kite('first'), mode: 'seal', target: 'dead', worker: 'awake' });
    await until(
      () => destination.tokens().length,
      (length) => length === 1,
    );
    await closeTabs();
  });
  afterAll(async () => {
    await browser.close();
    await destination.close();
    await targets.live.close();
    await brokers.close();
  });

  it.each(
    ROWS.map((row) => ({ ...row, title: `${row.name}: ${row.mode}, target ${row.target}, worker ${row.worker}` })),
  )('$title', async (row) => {
    const target = targets[row.target];
    target.hits.length = 0;
    const redirectUrl = target.url + row.path;
    if (row.broker === 'zerodha') brokers.kite.shape = row.shape;
    else brokers.breeze.shape = row.shape;
    brokers.breeze.rotate();
    register(row.broker, redirectUrl);
    await save(row.broker, redirectUrl, row.mode);
    const before = destination.tokens().length;
    const startedAt = Date.now();

    const tab = await logIn(row);
    const view = await until(
      () => browser.account(row.broker),
      (one) => isDelivered(one, startedAt),
    );
    expect(view?.ask).toBeNull();
    const delivered = destination.tokens().slice(before);
    expect(delivered.map(({ body }) => (JSON.parse(body) as { token: { value: string } }).token.value)).toEqual([
      lastToken(row.broker),
    ]);

    if (row.mode === 'seal') {
      await until(
        () => tab.url(),
        (url) => url === browser.url('captured.html'),
      );
      expect(target.hits).toEqual([]);
      expect(await browser.visits(target.url)).toEqual([]);
    } else if (row.target === 'live') {
      await until(
        () => target.hits.length,
        (hits) => hits === 1,
      );
      // The page is told that its login is taken, and its address keeps no token.
      await until(
        async () => new URL(await tab.url()).search,
        (search) => !/token|session/i.test(search),
      );
    }
    await tab.close();
  });

  it.each(NO_LOGINS.flatMap((one) => (['seal', 'forward'] as const).map((mode) => ({ ...one, mode }))))(
    'nothing is captured when $name, $mode',
    async ({ broker, fault, path, mode }) => {
      const redirectUrl = `${targets.live.url}/callback`;
      brokers.kite.shape = KITE;
      brokers.breeze.rotate();
      register(broker, redirectUrl);
      await save(broker, redirectUrl, mode);
      const before = destination.tokens().length;
      const asked = brokers.kite.requests.length + brokers.breeze.requests.length;
      if (fault) brokers.faults.add(fault);
      const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[broker] }));
      if (broker === 'zerodha') await tab.waitForSelector('#login');
      if (path) {
        const url = new URL(path, 'https://kite.zerodha.com');
        url.searchParams.set('api_key', APPS.zerodha.apiKey);
        await tab.goto(url.href).catch(() => undefined);
      } else if (broker === 'zerodha') await tab.click('#login');
      await until(
        () => brokers.kite.requests.length + brokers.breeze.requests.length,
        (count) => count > asked,
      );
      // A message to the background is answered after whatever it heard before.
      await until(
        () => browser.send({ type: 'refresh' }),
        ({ ok }) => ok,
      );
      await new Promise((wait) => setTimeout(wait, 300));
      brokers.faults.clear();
      expect(destination.tokens()).toHaveLength(before);
      const entries = await browser.options.evaluate(async () => Object.keys(await chrome.storage.session.get(null)));
      expect(entries.filter((key) => /^(delivery|ask|seen):/.test(key))).toEqual([]);
      await tab.close();
    },
  );

  async function pair(broker: BrokerId): Promise<string> {
    const { apiKey, redirectUrl } = APPS[broker];
    const text = writePairing({
      url: destination.url,
      secret: destination.secret,
      account: broker,
      broker,
      api_key: apiKey,
      redirect_url: redirectUrl,
      mode: 'seal',
      expected_user: null,
    });
    const reply = await browser.send({ type: 'pair', text });
    if (!reply.ok || !reply.account) throw new Error(JSON.stringify(reply));
    return reply.account;
  }

  function register(broker: BrokerId, redirectUrl: string): void {
    if (broker === 'zerodha') brokers.kite.register({ ...APPS.zerodha, redirectUrl });
    else brokers.breeze.register({ ...APPS.icici, redirectUrl });
  }

  async function save(broker: BrokerId, redirectUrl: string, mode: Row['mode']): Promise<void> {
    const { apiKey } = APPS[broker];
    const form = { broker, name: broker, apiKey, redirectUrl, mode, expectedUser: null };
    expect(await browser.send({ type: 'save-account', id: ids[broker], form })).toMatchObject({ ok: true });
  }

  /** Goes the whole way to the redirect; a dead worker is killed as late as can be. */
  async function logIn(row: Row): Promise<Tab> {
    if (row.broker === 'zerodha' && row.way === 'typed') {
      const tab = await browser.newTab();
      if (row.worker === 'dead') await browser.killWorker();
      await tab
        .goto(`https://kite.zerodha.com/connect/login?v=3&api_key=${APPS.zerodha.apiKey}`)
        .catch(() => undefined);
      return tab;
    }
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[row.broker] }));
    const last = row.broker === 'zerodha' && row.shape.consent ? 'form[action*="finish"] #login' : '#login';
    if (last !== '#login') await tab.click('#login');
    await tab.waitForSelector(last);
    if (row.worker === 'dead') await browser.killWorker();
    await tab.click(last);
    return tab;
  }

  function lastToken(broker: BrokerId): string | undefined {
    const issued = broker === 'zerodha' ? brokers.kite.tokens : brokers.breeze.sessions;
    return [...issued.keys()].at(-1);
  }

  async function closeTabs(): Promise<void> {
    for (const tab of await browser.tabs()) if ((await tab.url()) === browser.url('captured.html')) await tab.close();
  }
});
