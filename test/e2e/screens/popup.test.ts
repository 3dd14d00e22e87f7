import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SetUp as In, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { overviewOf, SAMPLES, type Sample } from '../../support/samples/overviews.ts';
import { ist, NOW } from '../../support/samples/samples.ts';
import { until } from '../../support/until.ts';

const { live, untilMidnight, untilNoon, expired, never, renewed, refused } = SAMPLES;
/** The greatest height that Chromium gives a popup. */
const MOST_PX = 600;

/** The popup's page in a tab, with a view model and a moment of our own. */
async function openPopup(chromium: Chromium, page: Page, ...samples: Sample[]): Promise<void> {
  await page.clock.setFixedTime(NOW);
  await chromium.options.evaluate((overview) => chrome.storage.session.set({ overview }), overviewOf(...samples));
  await page.goto(chromium.url('popup.html'));
  await page.waitForSelector('.card');
}

const heightOf = (page: Page) => page.evaluate(() => document.body.getBoundingClientRect().height);
const namesOf = (cards: Locator) => cards.evaluateAll((all) => all.map((one) => one.dataset.account));

describe('the popup of several accounts', () => {
  let chromium: Chromium;
  let page: Page;
  beforeAll(async () => {
    chromium = await startChromium();
  });
  afterAll(() => chromium.close());
  beforeEach(async () => {
    page = await chromium.newTab();
    await page.setViewportSize({ width: 360, height: MOST_PX });
    return () => page.close();
  });

  it.each<[now: string, says: RegExp]>([
    ['2026-12-03 12:00', /^(?!.*list of holidays).*$/],
    ['2026-12-04 12:00', /The list of holidays ends on .*31/],
    ['2026-12-31 12:00', /The list of holidays ends on .*31/],
    ['2027-01-04 12:00', /No list of holidays for this day/],
  ])('says at %s how far the holidays are known', async (now, says) => {
    await openPopup(chromium, page, live);
    await page.clock.setFixedTime(ist(now));
    await page.reload();
    await page.waitForSelector('.card');
    expect(await page.locator('.market').textContent()).toMatch(says);
  });

  it.each<[string, Sample[]]>([
    ['two live, one expired', [live, untilMidnight, expired]],
    ['all live', [live, untilMidnight, untilNoon]],
    ['every login due', [expired, never, expired]],
    ['one new, two live', [renewed, live, untilMidnight]],
  ])('shows three without scrolling: %s', async (_, samples) => {
    await openPopup(chromium, page, ...samples);
    expect(await page.locator('[data-account]').count()).toBe(3);
    expect(await heightOf(page)).toBeLessThanOrEqual(MOST_PX);
  });

  it('has the account that needs a person most on top, and keeps that order while it is open', async () => {
    await openPopup(chromium, page, live, expired, refused);
    const cards = page.locator('[data-account]');
    expect(await namesOf(cards)).toEqual(['wrong key', 'second server', 'prod server']);
    const later = overviewOf(live, { ...live, name: expired.name }, { ...live, name: refused.name });
    await chromium.options.evaluate((overview) => chrome.storage.session.set({ overview }), later);
    await page.locator('[data-account="wrong key"][data-status="live"]').waitFor();
    expect(await namesOf(cards)).toEqual(['wrong key', 'second server', 'prod server']);
  });

  it('draws the day of a session that lives, with its end as a countdown, and the way of a login that is new', async () => {
    await openPopup(chromium, page, live, renewed);
    const [calm, news] = [page.locator('[data-account="prod server"]'), page.locator('[data-account="just now"]')];
    expect(await calm.locator('.says').innerText()).toMatch(/Good until 06:00 on 21 Nov\.\s*20 h 0 min left/);
    expect(await calm.innerText()).toContain('Verified 3 min ago. Feed live.');
    expect(await calm.locator('.axis span').allInnerTexts()).toEqual(['09:15', '15:40']);
    expect(await calm.locator('[data-link]').count()).toBe(0);
    expect(await news.locator('[data-link]').allInnerTexts()).toHaveLength(5);
    expect(await news.locator('.day-bar').count()).toBe(0);
    expect(await page.locator('footer').innerText()).toContain('Next check 10:02');
    expect(await page.locator('header .market').innerText()).toBe('NSE F&O: open until 15:40');
  });

  it.each([180, 360])('cuts nothing off at a width of %i px', async (width) => {
    await page.setViewportSize({ width, height: MOST_PX });
    await openPopup(chromium, page, live, renewed, refused);
    const cut = await page.evaluate(() => {
      const all = document.querySelectorAll('header *, main *, footer *');
      const isOutside = (one: Element) => {
        const [own, around] = [one, one.parentElement?.closest('.card, body') ?? document.body].map((at) =>
          at.getBoundingClientRect(),
        );
        return own && around && own.width > 1 && (own.left < around.left || own.right > around.right + 0.5);
      };
      return [...all].filter(isOutside).map((one) => one.outerHTML.slice(0, 100));
    });
    expect(cut).toEqual([]);
  });

  it('says so where nothing is known yet, and where there is no account', async () => {
    await chromium.options.evaluate(() => chrome.storage.session.remove('overview'));
    await openPopup(chromium, page);
    expect(await page.innerText('main')).toMatch(/Add your first account/);
    await page.locator('[data-action="set-up"]').waitFor();
  });

  it('says so where the background does not answer (REL-08)', async () => {
    await page.addInitScript(() => {
      const { runtime } = globalThis.chrome;
      if (runtime) runtime.sendMessage = (() => Promise.reject(new Error('gone'))) as typeof runtime.sendMessage;
    });
    await openPopup(chromium, page, live);
    await until(
      () => page.innerText('main'),
      (text) => /background does not answer/.test(text),
    );
  });
});

describe('the popup by keyboard alone', () => {
  let all: In<Chromium>;
  beforeAll(async () => {
    all = await setUpIn(startChromium);
  });
  afterAll(() => all.close());

  /** Its accounts are there before one of their buttons has the focus. */
  async function openFocused(): Promise<Page> {
    const page = await all.browser.newTab();
    await page.goto(all.browser.url('popup.html'));
    await page.waitForSelector('[data-account] button:focus');
    return page;
  }

  it('goes from the neediest account to the last control in the order in which they are read, and always shows where', async () => {
    const page = await openFocused();
    // Both accounts are due, so the one button for all of them stands above the neediest one's.
    await page.keyboard.press('Shift+Tab');
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: at } = document;
        if (!(at instanceof HTMLElement) || at === document.body) return null;
        const all = [...document.querySelectorAll('button')];
        return { index: all.indexOf(at as HTMLButtonElement), outline: getComputedStyle(at).outlineStyle };
      });
    const seen = [];
    for (let now = await focused(); now !== null && seen.length < 30; now = await focused()) {
      seen.push(now);
      await page.keyboard.press('Tab');
      if ((await focused())?.index === 0) break;
    }
    const count = await page.locator('button:visible').count();
    expect(seen.map(({ index }) => index)).toEqual([...Array(count).keys()]);
    expect(new Set(seen.map(({ outline }) => outline))).toEqual(new Set(['solid']));
    await page.close();
  });

  it('logs in to the neediest account with Enter, as it opens', async () => {
    const page = await openFocused();
    const first = page.locator('[data-account]').first();
    const broker = (await first.locator('h2').innerText()).trim();
    const tab = await all.browser.loginTab(() => page.keyboard.press('Enter'));
    await tab.waitForSelector('#login');
    expect(new URL(tab.url()).hostname).toMatch(broker === 'Zerodha' ? /zerodha/ : /icicidirect/);
    await tab.close();
    await page.close();
  });

  it('pastes a token by keyboard: the field has the focus, and Escape is not needed to leave it', async () => {
    const page = await openFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[name="paste"]:focus');
    await page.keyboard.type('no token');
    await page.keyboard.press('Enter');
    await until(
      () => page.innerText('main'),
      (text) => /holds no token/.test(text),
    );
    await page.close();
  });

  it('opens the history in the tab that shows the settings already', async () => {
    const page = await all.browser.newTab();
    await page.goto(all.browser.url('popup.html'));
    await page.locator('[data-action="history"]').press('Enter');
    await all.browser.options.waitForURL(all.browser.url('options.html#history'));
    await page.close();
  });

  it('every icon of the toolbar button is there', async () => {
    for (const tone of ['well', 'due', 'wrong', 'idle'])
      await all.browser.options.evaluate(
        (icon) => chrome.action.setIcon({ path: { 16: `/toolbar/${icon}-16.png`, 32: `/toolbar/${icon}-32.png` } }),
        tone,
      );
    await expect(
      all.browser.options.evaluate(() => chrome.action.setIcon({ path: '/toolbar/none-16.png' })),
    ).rejects.toThrow();
  });
});
