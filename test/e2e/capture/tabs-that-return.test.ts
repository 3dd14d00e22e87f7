import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { KITE_LOGIN, type Paired, startPaired } from '../../support/backend/paired.ts';
import { startSite, startTarget, type Target } from '../../support/backend/target.ts';
import { askPage, entriesOnceJudged } from '../../support/browsers/ask-page.ts';
import type { Tab } from '../../support/browsers/browser.ts';
import { closePages, shownTabs } from '../../support/browsers/shown-tabs.ts';
import { BROWSER } from '../../support/browsers/start-browser.ts';
import { until } from '../../support/until.ts';

// 2026-11: Chromium 156 keeps a page that says no-store, as those of brokers do. Firefox 153 loads it anew.
const LOGIN_IS_KEPT = BROWSER === 'chromium';
const BROKERS = ['zerodha', 'icici'] as const;

describe('a tab that comes back, from the browser’s memory or its last session', () => {
  let paired: Paired;
  let target: Target;
  let site: { url: string; close(): Promise<void> };
  /** How many tokens the destination got, by the logins that were to arrive. */
  let delivered = 0;
  /** What is on the stranger's page. */
  let html = '';

  beforeAll(async () => {
    paired = await startPaired({ keepsPages: true });
    target = await startTarget(true);
    site = await startSite(() => `<!doctype html><title>elsewhere</title>${html}`);
    for (const broker of BROKERS) await paired.use(broker, target.url, 'forward');
    // The token comes in the address, so that going back or a new session can bring it again.
    paired.brokers.breeze.shape = { delivery: 'get', spelling: 'apisession' };
  });
  afterAll(async () => {
    await paired.close();
    await target.close();
    await site.close();
  });

  describe('by Back', () => {
    // Of ICICI there is none: its login page comes by a form, and the browser asks before it sends that again.
    it.each(['us', 'hand'])(
      'a login page that was opened by %s: the login there is captured, once and without a question',
      async (by) => {
        const tab = await (by === 'us' ? begun() : openedByHand());
        await leaveAndComeBack(tab, LOGIN_IS_KEPT);
        await expectOneMore('zerodha', () => tab.click('#login'));
        await closePages(paired.browser);
      },
    );

    it.each(BROKERS)('the redirect page of %s with its token: nothing is delivered twice (CAP-06)', async (broker) => {
      const visits: string[] = [];
      const kept = await startSite((url) => {
        visits.push(url);
        return '<!doctype html><title>redirect page</title>';
      });
      await paired.use(broker, kept.url.replace('localhost', '127.0.0.1'), 'forward');
      const { tab } = await finished(broker, () => visits);
      await leaveAndComeBack(tab, true);
      await expectNothingYet(broker);
      await expectOneMore(broker, () => paired.logIn(broker));
      await closePages(paired.browser);
      await kept.close();
      await paired.use(broker, target.url, 'forward');
    });

    it('a stranger’s page in a tab that was armed since: its token is refused', async () => {
      const url = `${target.url}?status=success&request_token=EVIL${randomBytes(14).toString('hex')}`;
      const tab = await armedAfter(`<a id="go" href="${url}">prices</a>`);
      target.hits.length = 0;
      await tab.click('#go');
      await until(
        () => target.hits.length,
        (hits) => hits > 0,
      );
      const view = await until(
        () => paired.browser.account('zerodha'),
        (one) => one?.notice?.includes('other than the broker') ?? false,
      );
      expect(view?.ask).toBeNull();
      await expectOneMore('zerodha', () => paired.logIn('zerodha'));
      await closePages(paired.browser);
    });

    it('a stranger’s page in a tab that was armed since: the login that it begins is asked about', async () => {
      const tab = await armedAfter(`<a id="go" href="${KITE_LOGIN}">prices</a>`);
      await tab.click('#go');
      await expectAsked(() => tab.click('#login'));
      await expectOneMore('zerodha', () => paired.logIn('zerodha'));
      await closePages(paired.browser);
    });
  });

  it('by a restart with its tabs: nothing is delivered or asked, a login of ours goes on, a stranger’s is asked about (CAP-06)', async () => {
    const visits = () => target.hits.map(({ url }) => url);
    const seen: string[] = [];
    for (const broker of BROKERS) seen.push((await finished(broker, visits)).address);
    await begun();
    html = `<a id="go" href="${KITE_LOGIN}&by=stranger">prices</a>`;
    const led = await paired.browser.newTab();
    await led.goto(site.url);
    await led.click('#go');
    await led.waitForSelector('#login');
    target.hits.length = 0;

    paired.browser = await paired.browser.restore();
    await until(visits, (urls) => seen.every((url) => urls.includes(url)));
    const [ours, stranger] = await Promise.all([tabAt('redirect_params'), tabAt('by=stranger')]);
    await Promise.all([ours, stranger].map((tab) => tab.waitForSelector('#login')));
    for (const broker of BROKERS) await expectNothingYet(broker);
    await expectOneMore('zerodha', () => ours.click('#login'));
    await expectAsked(() => stranger.click('#login'));
    for (const broker of BROKERS) await expectOneMore(broker, () => paired.logIn(broker));
  });

  /** A tab at the login page, in which *Log in* opened it. */
  async function begun(): Promise<Tab> {
    const { browser, ids } = paired;
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await tab.waitForSelector('#login');
    return tab;
  }

  async function openedByHand(tab?: Tab): Promise<Tab> {
    const opened = tab ?? (await paired.browser.newTab());
    await opened.goto(KITE_LOGIN);
    await opened.waitForSelector('#login');
    return opened;
  }

  /** The tab of a login that arrived, at its redirect page, whose address has its token again; and that address. */
  async function finished(broker: BrokerId, visits: () => string[]): Promise<{ tab: Tab; address: string }> {
    const holdsToken = (url: string) => /token|session/i.test(url);
    const tab = await expectOneMore(broker, () => paired.logIn(broker));
    await until(
      () => tab.url(),
      (url) => url.startsWith('http://127.0.0.1') && !holdsToken(url),
    );
    const address = visits().findLast(holdsToken) ?? '';
    await tab.evaluate((url) => history.replaceState(null, '', url), address);
    await until(
      () => tab.url(),
      (url) => url.endsWith(address),
    );
    return { tab, address };
  }

  /** Holds that a login arrives, the next one of all and without a question. */
  async function expectOneMore<T>(broker: BrokerId, logIn: () => Promise<T>): Promise<T> {
    const { destination, brokers } = paired;
    brokers.breeze.rotate();
    const done = await logIn();
    delivered += 1;
    await until(
      () => destination.tokens().length,
      (count) => count >= delivered,
    );
    await expectNothingYet(broker);
    return done;
  }

  /** Nothing was delivered beside the logins that were counted, and nothing is asked. */
  async function expectNothingYet(broker: BrokerId): Promise<void> {
    const { browser, destination } = paired;
    await entriesOnceJudged(browser);
    expect((await browser.account(broker))?.ask).toBeNull();
    expect(destination.tokens()).toHaveLength(delivered);
  }

  /** Does `logIn` and holds that this login is asked about; the answer is no. */
  async function expectAsked(logIn: () => Promise<unknown>): Promise<void> {
    const { browser, destination } = paired;
    target.hits.length = 0;
    await logIn();
    const view = await until(
      () => browser.account('zerodha'),
      (one) => one?.ask !== null,
    );
    expect(view?.ask?.says).toMatch(/not started here/);
    await askPage(browser);
    // The redirect page's own request may come later than the header that led there.
    await until(
      () => target.hits.length,
      (hits) => hits > 0,
    );
    await entriesOnceJudged(browser);
    expect(destination.tokens()).toHaveLength(delivered);
    await browser.send({ type: 'discard', ask: view?.ask?.id ?? '' });
  }

  /** The tab that the browser brought back at such an address. */
  async function tabAt(part: string): Promise<Tab> {
    const find = async () => (await shownTabs(paired.browser)).find(({ url }) => url.includes(part))?.tab;
    const tab = await until(find, (found) => found !== undefined);
    if (!tab) throw new Error(`no tab at ${part}`);
    return tab;
  }

  async function leaveAndComeBack(tab: Tab, isKept: boolean): Promise<void> {
    html = '';
    const address = await tab.url();
    await tab.evaluate(() => void Object.assign(window, { isKept: true }));
    await tab.goto(site.url);
    await back(tab, address, isKept);
  }

  /** Goes back to a page, and holds that the browser had kept it. */
  async function back(tab: Tab, address: string, isKept = true): Promise<void> {
    // Playwright's own way waits for a load, and a kept page has none.
    await tab.evaluate(() => history.back()).catch(() => undefined);
    await until(
      () => tab.url(),
      (url) => url === address,
    );
    if (isKept) expect(await tab.evaluate(() => 'isKept' in window)).toBe(true);
  }

  /** A stranger's page, gone back to from a login page that was opened by hand in its tab. */
  async function armedAfter(page: string): Promise<Tab> {
    html = page;
    const tab = await paired.browser.newTab();
    await tab.goto(site.url);
    await tab.evaluate(() => void Object.assign(window, { isKept: true }));
    await openedByHand(tab);
    await back(tab, site.url);
    return tab;
  }
});
