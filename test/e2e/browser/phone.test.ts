import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SetUp, setUp } from '../../start/set-up.ts';
import { builtForPhone } from '../../support/browsers/phone.ts';
import { BROWSER } from '../../support/browsers/start-browser.ts';
import { until } from '../../support/until.ts';

const BUILT = join(import.meta.dirname, '../../../.output', BROWSER === 'firefox' ? 'firefox-mv3' : 'chrome-mv3');

/** The built background without the interfaces that Firefox for Android lacks; that browser itself runs on a phone only. */
describe('on a phone', () => {
  let all: SetUp;
  let phone: ReturnType<typeof builtForPhone>;

  // The browser waits for the first-run page, which the background opens in its first turn.
  beforeAll(async () => {
    phone = builtForPhone(BUILT);
    all = await setUp({ extension: phone.folder });
  });
  afterAll(async () => {
    await all.close();
    phone.remove();
  });

  it('the background has no menu and no windows', async () => {
    const { options } = all.browser;
    // The pages keep theirs: what is taken away is the background's.
    expect(await options.evaluate(() => typeof chrome.contextMenus)).toBe('object');
    const alarms = await until(
      () => options.evaluate(() => chrome.alarms.getAll()),
      (some) => some.length > 0,
    );
    expect(alarms.length).toBeGreaterThan(0);
  });

  it('a login reaches the backend', async () => {
    const { browser, practice, ids } = all;
    const before = practice.brokers.kite.exchanges.length;
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await tab.waitForSelector('#login');
    await tab.click('#login');
    await until(
      () => browser.account('zerodha'),
      (one) => one?.status === 'live',
    );
    expect(practice.brokers.kite.exchanges.slice(before).map(({ outcome }) => outcome)).toEqual(['accepted']);
    await tab.close();
  });

  it('and so after the background was ended', async () => {
    const { browser, practice, ids } = all;
    practice.brokers.kite.endSession();
    await browser.killWorker();
    const before = practice.brokers.kite.exchanges.length;
    const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await tab.waitForSelector('#login');
    await tab.click('#login');
    await until(
      async () => practice.brokers.kite.exchanges.length,
      (count) => count === before + 1,
    );
    await tab.close();
  });

  describe.skipIf(BROWSER === 'firefox')('of 360 px, by touch', () => {
    const WIDTH = 360;

    /** A page as a phone shows it: its width, its finger. */
    async function onPhone(path: string): Promise<{ page: Page; tap(selector: string): Promise<void> }> {
      const page = (await all.browser.newTab()) as Page;
      await page.setViewportSize({ width: WIDTH, height: 740 });
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Emulation.setTouchEmulationEnabled', { enabled: true });
      await page.goto(all.browser.url(path));
      return {
        page,
        async tap(selector) {
          const box = await page.locator(selector).first().boundingBox();
          if (!box) throw new Error(`${selector} is not to be seen`);
          const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
          await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
          await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
        },
      };
    }

    it.each(['popup.html', 'options.html', 'welcome.html', 'captured.html', 'reminder.html'])(
      '%s is no wider than the screen, and its buttons are as large as a finger needs',
      async (path) => {
        const { page } = await onPhone(path);
        await page.waitForSelector('h1');
        const seen = await page.evaluate(() => ({
          width: document.documentElement.scrollWidth,
          // https://www.w3.org/TR/WCAG22/#target-size-minimum, which leaves links within a sentence out.
          small: [...document.querySelectorAll<HTMLElement>('button, summary, select, input:not([type=hidden])')]
            .filter((one) => one.checkVisibility() && !(one as HTMLButtonElement).disabled)
            .map((one) => (one.closest('label') ?? one) as HTMLElement)
            .filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < 24)
            .map((one) => one.outerHTML.slice(0, 120)),
        }));
        expect(seen).toEqual({ width: WIDTH, small: [] });
        await page.close();
      },
    );

    it('begins a login by a tap in the popup', async () => {
      const { page, tap } = await onPhone('popup.html');
      const button = '[data-account=icici] [data-action=log-in]';
      await page.waitForSelector(button);
      const login = await all.browser.loginTab(() => tap(button));
      await login.waitForSelector('#login');
      await login.close();
      await page.close();
    });
  });
});
