import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../utils/domain/base/records.ts';
import type { Outcome } from '../../../utils/domain/capture/outcome.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { KITE_LOGIN, type Paired, startPaired } from '../../support/backend/paired.ts';
import { freePort } from '../../support/backend/practice.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { closePages } from '../../support/browsers/shown-tabs.ts';
import { BROWSER } from '../../support/browsers/start-browser.ts';
import { until } from '../../support/until.ts';

const START = 'oninstall = () => skipWaiting(); onactivate = (event) => event.waitUntil(clients.claim());';
/** A worker that answers every page itself, as an app that works offline does. */
const ANSWERING = `${START} onfetch = (event) => event.respondWith(
  new Response('<title>from the worker</title>', { headers: { 'content-type': 'text/html' } }));`;

const WAYS = {
  header: 'zerodha',
  script: 'zerodha',
  form: 'zerodha',
  post: 'icici',
  'post+query': 'icici',
  get: 'icici',
} as const satisfies Record<string, BrokerId>;
type Way = keyof typeof WAYS;
type End = 'delivered' | 'asked' | 'hidden';

/**
 * Chromium tells of no navigation to an origin with a service worker: there the broker's own header is seen, or the page,
 * which knows its address alone. Firefox tells of the request without its headers.
 */
const AT_THE_REDIRECT: Record<Way, End> =
  BROWSER === 'firefox'
    ? {
        header: 'delivered',
        script: 'delivered',
        form: 'delivered',
        post: 'asked',
        'post+query': 'asked',
        get: 'asked',
      }
    : { header: 'delivered', script: 'asked', form: 'hidden', post: 'hidden', 'post+query': 'hidden', get: 'hidden' };

const MODES = ['seal', 'forward'] as const;

describe('a login where a service worker stands between', () => {
  let paired: Paired;
  let origin: string;
  const server = createServer(({ url }, response) => {
    const isScript = url === '/worker.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? ANSWERING : '<!doctype html><title>target</title>');
  });

  beforeAll(async () => {
    paired = await startPaired();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await paired.close();
    server.closeAllConnections();
    server.close();
  });
  afterEach(async () => {
    const { browser } = paired;
    await closePages(browser);
    for (const broker of ['zerodha', 'icici']) {
      const ask = (await browser.account(broker))?.ask;
      if (ask) await browser.send({ type: 'discard', ask: ask.id });
    }
  });

  /** Makes the pages of an origin go by way of its service worker. */
  async function install(page: string): Promise<void> {
    const tab = await paired.browser.newTab();
    await tab.goto(page).catch(() => undefined);
    await tab.evaluate(async () => {
      await navigator.serviceWorker.register('/worker.js');
      await navigator.serviceWorker.ready;
    });
    await until(
      () => tab.evaluate(() => navigator.serviceWorker.controller !== null),
      (isControlled) => isControlled,
    );
    await tab.close();
  }

  async function logIn(way: Way, mode: (typeof MODES)[number], redirectUrl: string): Promise<{ tab: Tab; end: End }> {
    const broker = WAYS[way];
    const { browser, brokers, destination } = paired;
    if (broker === 'zerodha') brokers.kite.shape = { ...brokers.kite.shape, departs: way as 'header', silent: false };
    else brokers.breeze.shape = { delivery: way as 'get', spelling: 'apisession' };
    brokers.breeze.rotate();
    await paired.use(broker, redirectUrl, mode);
    const before = destination.tokens().length;
    const startedAt = Date.now();
    const newest = await newestTab();
    const tab = await paired.logIn(broker);
    const end = await until(
      async (): Promise<End | null> => {
        if (destination.tokens().length > before) return 'delivered';
        const view = await browser.account(broker);
        if (view?.ask && view.ask.at >= startedAt) return 'asked';
        // The page of an earlier row may still speak: only a tab of this login counts.
        const isHidden = (await outcomes()).some(
          (one) => one.what === 'hidden' && one.at >= startedAt && one.tab > newest,
        );
        return isHidden && view?.notice?.includes('service worker') ? 'hidden' : null;
      },
      (found) => found !== null,
    );
    return { tab, end: end as End };
  }

  /** Both browsers number their tabs in the order of their opening. */
  function newestTab(): Promise<number> {
    return paired.browser.options.evaluate(async () => {
      const { id = 0 } = await chrome.tabs.create({ active: false });
      await chrome.tabs.remove(id);
      return id;
    });
  }

  async function outcomes(): Promise<Outcome[]> {
    const entries = await paired.browser.options.evaluate(() => chrome.storage.session.get(null));
    return Object.entries(entries).flatMap(([key, record]) => {
      const read = key.startsWith('outcome:') ? unwrap(STORED.outcome, record) : null;
      return read?.ok ? [read.value] : [];
    });
  }

  describe('at the redirect URL', () => {
    beforeAll(() => install(`${origin}/`));

    it.each(
      (Object.keys(WAYS) as Way[]).flatMap((way) =>
        MODES.map((mode) => ({ way, mode, expected: AT_THE_REDIRECT[way] })),
      ),
    )('$way, $mode: $expected', async ({ way, mode, expected }) => {
      const { tab, end } = await logIn(way, mode, `${origin}/callback`);
      expect(end).toBe(expected);
      if (mode === 'forward') return;
      const title = {
        delivered: 'Login captured',
        asked: 'Is this your login?',
        hidden: 'Your redirect page hid this login',
      };
      await until(
        async () => ((await tab.url()) === paired.browser.url('captured.html') ? tab.innerText('h1') : ''),
        (shown) => shown === title[expected],
      );
    });
  });

  describe('at the broker', () => {
    let target: string;
    beforeAll(async () => {
      target = `http://127.0.0.1:${await freePort()}/callback`;
      for (const page of ['https://kite.zerodha.com/', 'https://api.icicidirect.com/']) await install(page);
    });

    it.each((['header', 'form', 'post'] as const).flatMap((way) => MODES.map((mode) => ({ way, mode }))))(
      '$way, $mode: delivered',
      async ({ way, mode }) => {
        expect((await logIn(way, mode, target)).end).toBe('delivered');
      },
    );

    it('and a silent login whose address is typed is refused, and said', async () => {
      const { browser, brokers, destination } = paired;
      await paired.use('zerodha', target, 'seal');
      brokers.kite.shape = { ...brokers.kite.shape, departs: 'header', silent: true };
      const before = destination.tokens().length;
      const tab = await browser.newTab();
      await tab.goto(KITE_LOGIN).catch(() => undefined);
      const view = await until(
        () => browser.account('zerodha'),
        (one) => one?.notice !== null,
      );
      expect(view?.notice).toMatch(/refused/);
      expect(destination.tokens()).toHaveLength(before);
    });
  });
});
