import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unwrap, wrap } from '../../../utils/domain/base/records.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import { KITE_LOGIN, type Paired, startPaired } from '../../support/backend/paired.ts';
import { APPS } from '../../support/backend/practice.ts';
import { startSite, startTarget, type Target } from '../../support/backend/target.ts';
import { askPage } from '../../support/browsers/ask-page.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { closePages } from '../../support/browsers/shown-tabs.ts';
import { BROWSER } from '../../support/browsers/start-browser.ts';
import { until } from '../../support/until.ts';

/** A place of a stranger, which answers every request by sending the browser on with this status. */
interface Hop {
  status: 302 | 303 | 307 | 308;
  /** How many further sites lie between. */
  hops: number;
}

/** What a person does on the broker's page of an armed tab, and the stranger's address behind it. */
const FROM_THE_BROKERS_PAGE: Record<string, (away: string, token: string) => string> = {
  'a link': (away) => `<a id="away" href="${away}">Offers</a>`,
  'a link without referrer': (away) => `<a id="away" rel="noreferrer" href="${away}">Offers</a>`,
  'a button': (away) => `<button id="away" onclick="location.href='${away}'">Offers</button>`,
  'a search form': (away) => `<form action="${away}"><button id="away">Search</button></form>`,
  'a posted form': (away, token) =>
    `<form method="post" action="${away}"><input type="hidden" name="API_Session" value="${token}"><button id="away">Send</button></form>`,
};

const HOPS: Record<string, Hop> = {
  'its redirect': { status: 302, hops: 0 },
  'its redirect that keeps the form': { status: 307, hops: 0 },
  'another site’s open redirect': { status: 302, hops: 1 },
};

describe('who sent a redirect, and who begun a login, cannot be borrowed', () => {
  let paired: Paired;
  let target: Target;

  beforeAll(async () => {
    paired = await startPaired();
    target = await startTarget(true);
    for (const broker of ['zerodha', 'icici'] as const) await paired.use(broker, target.url, 'forward');
  });
  afterAll(async () => {
    await paired.close();
    await target.close();
  });
  afterEach(async () => {
    await closePages(paired.browser);
    for (const broker of ['zerodha', 'icici']) await discard(broker);
  });

  async function discard(broker: string): Promise<void> {
    const ask = (await paired.browser.account(broker))?.ask;
    if (ask) await paired.browser.send({ type: 'discard', ask: ask.id });
  }

  const tokensOf = (...bodies: string[]) => bodies.filter((body) => body.includes('EVIL'));
  const foreign = () => `EVIL${randomBytes(14).toString('hex')}`;

  /** Holds that nothing of a stranger was delivered, and that a real login right after is, once and without a question. */
  async function expectOnlyTheReal(broker: BrokerId, isAsked: boolean): Promise<void> {
    const { browser, destination } = paired;
    await (isAsked ? askPage(browser) : setTimeout(500));
    expect(tokensOf(...destination.tokens().map(({ body }) => body))).toEqual([]);
    await discard(broker);
    paired.brokers.breeze.rotate();
    const before = destination.tokens().length;
    const tab = await paired.logIn(broker);
    await until(
      () => destination.tokens().length,
      (count) => count > before,
    );
    expect((await browser.account(broker))?.ask).toBeNull();
    expect(destination.tokens()).toHaveLength(before + 1);
    await tab.close();
  }

  /** A tab in which a login of this account was begun, on the broker's page. */
  async function armedTab(broker: BrokerId, by: 'us' | 'hand'): Promise<Tab> {
    const { browser, ids } = paired;
    if (by === 'us') {
      const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids[broker] }));
      await tab.waitForSelector('#login');
      return tab;
    }
    const tab = await browser.newTab();
    const key = encodeURIComponent(APPS[broker].apiKey);
    await tab.goto(broker === 'zerodha' ? KITE_LOGIN : `https://api.icicidirect.com/apiuser/login?api_key=${key}`);
    await tab.waitForSelector('#login');
    return tab;
  }

  describe('a link on the broker’s page by way of another site', () => {
    const rows = (['zerodha', 'icici'] as const).flatMap((broker) =>
      (['seal', 'forward'] as const).flatMap((mode) =>
        Object.keys(FROM_THE_BROKERS_PAGE).flatMap((way) =>
          Object.keys(HOPS).flatMap((hop) => {
            // A redirect that keeps the form is one only where there is a form.
            const isForm = way === 'a posted form';
            return isForm || hop !== 'its redirect that keeps the form' ? [{ broker, mode, way, hop }] : [];
          }),
        ),
      ),
    );

    it.each(rows)('$broker, $mode: $way, $hop', async ({ broker, mode, way, hop }) => {
      await paired.use(broker, target.url, mode);
      const token = foreign();
      const query = `?status=success&request_token=${token}&apisession=${token}`;
      const { status = 302, hops = 0 } = HOPS[hop] ?? {};
      // Where the form itself carries the token the address adds none.
      const last = await startHop(way === 'a posted form' && status === 307 ? target.url : target.url + query, status);
      const first = hops > 0 ? await startHop(last.url, status) : last;
      // A person who opened the login by hand has no state that would tell.
      const tab = await armedTab(broker, 'hand');
      await tab.evaluate((html) => {
        document.body.innerHTML = html;
      }, FROM_THE_BROKERS_PAGE[way]?.(first.url, token) ?? '');
      await tab.click('#away');
      await until(
        async () => (await tab.url()).startsWith('https://'),
        (isThere) => !isThere,
      );
      // Kite's token comes by a query alone.
      const isLogin = broker === 'icici' || status !== 307;
      await expectOnlyTheReal(broker, isLogin);
      await last.close();
      if (first !== last) await first.close();
    });
  });

  describe('a login that another site had begun', () => {
    beforeAll(async () => {
      paired.brokers.kite.shape.silent = true;
    });
    afterAll(() => {
      paired.brokers.kite.shape.silent = false;
    });

    const rules = (kind: string) =>
      `<script type="speculationrules">{"${kind}":[{"source":"list","urls":["${KITE_LOGIN}"],"eagerness":"immediate"}]}</script>`;
    const link = `<a id="go" href="${KITE_LOGIN}">Prices</a>`;
    const rows: [name: string, html: string][] = [
      ['a link', link],
      ['a prefetch, then the link', rules('prefetch') + link],
      ['a prerender, then the link', rules('prerender') + link],
      ['a prefetch by a tag, then the link', `<link rel="prefetch" href="${KITE_LOGIN}">${link}`],
      [
        'a form',
        `<form action="https://kite.zerodha.com/connect/login"><input name="v" value="3"><input name="api_key" value="${APPS.zerodha.apiKey}"><button id="go">x</button></form>`,
      ],
      ['a new window', `<button id="go" onclick="window.open('${KITE_LOGIN}')">x</button>`],
      ['a new window without opener', `<a id="go" target="_blank" rel="noopener" href="${KITE_LOGIN}">x</a>`],
      ['a script', `<button id="go" onclick="location.replace('${KITE_LOGIN}')">x</button>`],
      [
        'a prefetch, and the person types the address of another page',
        `${rules('prefetch')}<a id="go" href="${KITE_LOGIN}#x">x</a>`,
      ],
    ];
    it.each(rows.flatMap(([name, html]) => (['seal', 'forward'] as const).map((mode) => ({ name, html, mode }))))(
      '$name, $mode: asks and sends nothing',
      async ({ html, mode }) => {
        const { browser, destination } = paired;
        await paired.use('zerodha', target.url, mode);
        const site = await startSite(() => `<!doctype html><head></head>${html}`);
        const tab = await browser.newTab();
        await tab.goto(site.url);
        await setTimeout(700);
        const before = destination.tokens().length;
        await tab.click('#go');
        const view = await until(
          () => browser.account('zerodha'),
          (one) => one?.ask !== null,
        );
        expect(view?.ask?.says).toMatch(/not started here/);
        await askPage(browser);
        expect(destination.tokens()).toHaveLength(before);
        await site.close();
      },
    );

    // Firefox shows no trace of where a typed address led by way of.
    it.runIf(BROWSER === 'chromium')('a typed address of another site that redirects to it asks', async () => {
      const { browser, destination } = paired;
      const hop = await startHop(KITE_LOGIN, 302);
      const before = destination.tokens().length;
      const tab = await browser.newTab();
      await tab.goto(hop.url).catch(() => undefined);
      await until(
        () => browser.account('zerodha'),
        (one) => one?.ask !== null,
      );
      await askPage(browser);
      expect(destination.tokens()).toHaveLength(before);
      await hop.close();
    });

    it('the address of another app, in the armed tab, ends what armed it', async () => {
      const { browser, brokers, destination } = paired;
      brokers.kite.shape.silent = false;
      await paired.use('zerodha', target.url, 'forward');
      const token = foreign();
      const hop = await startHop(`${target.url}?status=success&request_token=${token}`, 302);
      brokers.kite.register({ apiKey: 'theirs', apiSecret: 'x', userId: 'AB1234', redirectUrl: hop.url });
      const tab = await armedTab('zerodha', 'hand');
      await tab.goto(KITE_LOGIN.replace(APPS.zerodha.apiKey, 'theirs'));
      await tab.click('#login');
      await until(
        () => target.hits.some(({ url }) => url.includes(token)),
        (isHit) => isHit,
      );
      const view = await until(
        () => browser.account('zerodha'),
        (one) => one?.ask !== null,
      );
      expect(view?.ask?.says).toMatch(/not started here/);
      await askPage(browser);
      expect(tokensOf(...destination.tokens().map(({ body }) => body))).toEqual([]);
      await hop.close();
    });
  });

  describe('a state that comes back unused is the login, whatever the tab', () => {
    const ways: Record<string, (tab: Tab, url: string) => Promise<Tab>> = {
      'a new window that the broker opens': (_, url) =>
        paired.browser.loginTab(async () => {
          await _.evaluate((address) => void window.open(address), url);
        }),
      'a tab into which the address was copied': async (_, url) => {
        const copy = await paired.browser.newTab();
        await copy.goto(url);
        return copy;
      },
      'the same tab, after a while elsewhere and back': async (tab) => {
        const site = await startSite(() => '<title>elsewhere</title>');
        await tab.goto(site.url);
        await tab.goBack();
        await site.close();
        return tab;
      },
      'a copy of its tab': () =>
        paired.browser.loginTab(() =>
          paired.browser.options.evaluate(async () => {
            const [found] = await chrome.tabs.query({ url: 'https://kite.zerodha.com/*' });
            if (found?.id !== undefined) await chrome.tabs.duplicate(found.id);
          }),
        ),
      'the same tab, after the login was opened once more in another': async (tab) => {
        await armedTab('zerodha', 'us');
        return tab;
      },
      'the same tab, put to sleep by the browser and looked at again': async (tab) => {
        const { options, loginTab } = paired.browser;
        await options.bringToFront();
        const asleep = await options.evaluate(async () => {
          const [found] = await chrome.tabs.query({ url: 'https://kite.zerodha.com/*' });
          if (found?.id === undefined) throw new Error('no tab');
          return (await chrome.tabs.discard(found.id))?.id ?? found.id;
        });
        const look = () => options.evaluate((id) => chrome.tabs.update(id, { active: true }), asleep);
        // Chromium puts another tab in its place.
        if (BROWSER === 'chromium') return loginTab(look);
        await look();
        return tab;
      },
      'the same tab, loaded anew': async (tab) => {
        await tab.reload();
        return tab;
      },
    };
    /** A person on the way to a login: these, one after the other, and four minutes that end the background. */
    const SLOWLY = [
      'the same tab, after the login was opened once more in another',
      'the same tab, after a while elsewhere and back',
      'the same tab, put to sleep by the browser and looked at again',
    ];
    ways['the same tab, after four minutes and all of that'] = async (tab, url) => {
      await letPass(4 * MINUTE);
      await paired.browser.killWorker();
      let now = tab;
      for (const way of SLOWLY) now = (await ways[way]?.(now, url)) ?? now;
      return now;
    };

    /** Puts the logins under way back in time, by as much as a person takes. */
    async function letPass(ms: number): Promise<void> {
      const { options } = paired.browser;
      const entries = await options.evaluate(() => chrome.storage.session.get(null));
      const logins = Object.entries(entries).filter(([key]) => key.startsWith('login:'));
      expect(logins).not.toEqual([]);
      const earlier = logins.map(([key, record]) => {
        const read = unwrap(STORED.login, record);
        if (!read.ok) throw new Error(`${key} cannot be read`);
        return [key, wrap(STORED.login, { ...read.value, at: read.value.at - ms })];
      });
      await options.evaluate((changed) => chrome.storage.session.set(changed), Object.fromEntries(earlier));
    }

    it.each(Object.keys(ways).flatMap((way) => (['seal', 'forward'] as const).map((mode) => ({ way, mode }))))(
      '$way, $mode',
      async ({ way, mode }) => {
        const { browser, destination } = paired;
        await paired.use('zerodha', target.url, mode);
        const tab = await armedTab('zerodha', 'us');
        const before = destination.tokens().length;
        const other = (await ways[way]?.(tab, await tab.url())) ?? tab;
        await other.waitForSelector('#login');
        await other.click('#login');
        await until(
          () => destination.tokens().length,
          (count) => count > before,
        );
        await setTimeout(300);
        expect(destination.tokens()).toHaveLength(before + 1);
        const view = await browser.account('zerodha');
        expect([view?.ask, view?.notice]).toEqual([null, null]);
      },
    );
  });

  it.each(['seal', 'forward'] as const)('a form that is posted as plain text is captured, %s', async (mode) => {
    const { browser, brokers, destination } = paired;
    await paired.use('icici', target.url, mode);
    brokers.breeze.shape = { delivery: 'text/plain', spelling: 'API_Session' };
    brokers.breeze.rotate();
    const before = destination.tokens().length;
    await paired.logIn('icici');
    await until(
      () => destination.tokens().length,
      (count) => count > before,
    );
    brokers.breeze.shape = { delivery: 'post+query', spelling: 'API_Session' };
    expect((await browser.account('icici'))?.ask).toBeNull();
  });

  describe('a redirect of any shape of a broker with a state', () => {
    const shapes = (['script', 'form', 'refresh-tag', 'refresh-header'] as const).map((departs) => ({
      departs,
      ballast: 0,
    }));
    const rows = [
      ...shapes,
      { departs: 'header' as const, ballast: 9_000 },
      { departs: 'script' as const, ballast: 60_000 },
    ];
    it.each(rows.flatMap((row) => (['seal', 'forward'] as const).map((mode) => ({ ...row, mode }))))(
      'by $departs with $ballast further characters, $mode',
      async ({ departs, ballast, mode }) => {
        const { browser, brokers, destination } = paired;
        await paired.use('zerodha', target.url, mode);
        brokers.kite.shape = { ...brokers.kite.shape, departs, ballast };
        const before = destination.tokens().length;
        target.hits.length = 0;
        const tab = await paired.logIn('zerodha');
        await until(
          () => destination.tokens().length,
          (count) => count > before,
        );
        brokers.kite.shape = { ...brokers.kite.shape, departs: 'header', ballast: 0 };
        if (mode === 'seal')
          await until(
            () => tab.url(),
            (url) => url === browser.url('captured.html'),
          );
        if (mode === 'seal') expect(target.hits).toEqual([]);
        // A hit that comes late would count for the next row. Node's own server refuses a header of that size.
        else if (ballast === 0)
          await until(
            () => target.hits.length,
            (hits) => hits > 0,
          );
        expect((await browser.account('zerodha'))?.ask).toBeNull();
        await tab.close();
      },
    );
  });
});

/** A stranger's server on a name that the extension has no permission for. */
async function startHop(to: string, status: number): Promise<{ url: string; close(): Promise<void> }> {
  const site = await startSite(() => '', to, status);
  return { url: `${site.url}go`, close: site.close };
}
