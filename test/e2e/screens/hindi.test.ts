import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECTIONS } from '../../../components/settings/section.tsx';
import messages from '../../../public/_locales/hi/messages.json' with { type: 'json' };
import type { Word } from '../../../utils/domain/base/words.ts';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { barriers } from '../../support/checks/accessible.ts';
import { switchOn } from '../../support/hold/dashboard.ts';
import { dialogOf } from '../../support/hold/login.ts';
import { startPracticePage } from '../../support/hold/practice-page.ts';
import { until } from '../../support/until.ts';

/** A login takes a second; a busy machine many. */
const PATIENCE_MS = 60_000;
const hindi = (word: Word) => messages[word].message;

describe('in a Hindi browser', () => {
  let all: SetUp<Chromium>;
  let login: Page;
  const thrown: string[] = [];
  beforeAll(async () => {
    all = await setUpIn((options) => startChromium({ ...options, language: 'hi' }));
    all.browser.context.on('weberror', (one) => thrown.push(String(one.error())));
  });
  afterAll(() => all.close());

  const popup = async () => (await all.browser.popup()).text();
  const title = () => all.browser.options.evaluate(() => chrome.action.getTitle({}));

  it('an account that waits says so in Hindi: in the popup, in the settings, on the button', async () => {
    await until(
      () => popup(),
      (text) => text.includes(hindi('state_never')) && text.includes(hindi('standing_none')),
      PATIENCE_MS,
    );
    expect(await all.browser.options.evaluate(() => document.documentElement.lang)).toBe('hi');
    expect(await all.browser.options.locator('body').innerText()).toContain(hindi('standing_none'));
    await expect.poll(title).toContain(hindi('state_never'));
  });

  it('a login goes its whole way, and is live in Hindi', async () => {
    const { browser, ids } = all;
    login = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
    await login.click('#login');
    await until(
      () => browser.account('zerodha'),
      (one) => one?.status === 'live',
      PATIENCE_MS,
    );
    await until(
      () => popup(),
      (text) => text.includes(hindi('state_live')),
      PATIENCE_MS,
    );
    await until(
      () => login.innerText('body'),
      (text) => text.includes(hindi('captured_done')) && text.includes(hindi('captured_delivered')),
      PATIENCE_MS,
    );
    const { accounts } = (await browser.overview()) ?? { accounts: [] };
    expect(accounts.map(({ says }) => says)).toEqual(accounts.map(() => expect.stringMatching(/\p{sc=Devanagari}/u)));
    await until(
      async () => [await title(), (await browser.overview())?.badge.title],
      ([shown, meant]) => shown === meant,
    );
  });

  it('a page that fails is held with a dialog in Hindi', async () => {
    const { browser, practice, ids } = all;
    const { kite } = practice.brokers;
    const server = await startPracticePage(() => kite.sessions.size > 0);
    await switchOn(browser, ids.zerodha, server.url);
    kite.endSession();
    const page = await browser.newTab();
    await page.goto(server.url);
    await page.evaluate(() => void fetch('/api/quote'));
    const { text } = await dialogOf(page, hindi('dialog_waits_one'));
    for (const word of ['dialog_log_in_ask', 'cancel', 'dialog_paste', 'dialog_no_fields'] as const)
      expect(text).toContain(hindi(word));
    await page.close();
    await server.close();
  });

  it.each([
    ['popup.html', 'app_name'],
    ['options.html', 'settings_title'],
    ['welcome.html', 'setup_title'],
    ['captured.html', 'captured_title'],
    ['reminder.html', 'reminder_title'],
  ] as const)('the tab of %s has its title in Hindi', async (path, title) => {
    const page = await all.browser.newTab();
    await page.goto(all.browser.url(path));
    await until(
      () => page.title(),
      (said) => said === hindi(title),
      PATIENCE_MS,
    );
    expect(await page.getAttribute('html', 'lang')).toBe('hi');
    await page.close();
  });

  it('About opens what becomes of your data in Hindi, and the contract in English', async () => {
    const { context, url } = all.browser;
    const page = await all.browser.newTab();
    await page.goto(url('options.html#about'));
    for (const [document, script] of [
      ['privacy', /\p{sc=Devanagari}{3}/u],
      ['contract', /^\P{sc=Devanagari}{500}/u],
    ] as const) {
      const [opened] = await Promise.all([
        context.waitForEvent('page'),
        page.getByRole('link', { name: hindi(`about_document_${document}`), exact: true }).click(),
      ]);
      await opened.waitForLoadState();
      expect(await opened.innerText('body')).toMatch(script);
      await opened.close();
    }
    await page.close();
  });

  it.each(['popup.html', 'welcome.html#new', ...SECTIONS.map((name) => `options.html#${name}`)])(
    '%s can be used by everybody',
    async (path) => {
      const page = await all.browser.newTab();
      await page.goto(all.browser.url(path));
      await page.waitForSelector('h1');
      expect(await barriers(page)).toEqual([]);
      await page.close();
    },
  );

  // What is thrown in the background keeps its state from the screens, and was waited for above.
  it('no page has thrown anything meanwhile', () => expect(thrown).toEqual([]));
});
