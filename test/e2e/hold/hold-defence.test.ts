import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { dialogOf, logInBy, noDialog } from '../../support/hold/login.ts';
import { type PracticePage, startPracticePage } from '../../support/hold/practice-page.ts';

let all: SetUp<Chromium>;
let server: PracticePage;
let page: Page;

beforeAll(async () => {
  all = await setUpIn(startChromium);
  const { kite } = all.practice.brokers;
  server = await startPracticePage(() => kite.sessions.size > 0);
  const { options } = all.browser;
  await options.bringToFront();
  await options.click('.sections a[href="#dashboards"]');
  await options.locator('[data-action=add-dashboard]').click();
  await options.locator('[name=origin]').fill(server.url);
  await options.locator('[data-action=save-dashboard]').click();
  await options.locator(`[data-dashboard="${server.url}"][data-granted=true]`).waitFor();
});
afterAll(async () => {
  await all.close();
  await server.close();
});
beforeEach(async () => {
  all.practice.brokers.kite.endSession();
  page = await all.browser.context.newPage();
  await page.goto(server.url);
  await page.evaluate(HEAR_KEYS);
});
afterEach(() => page.close());

/** The page's own hotkeys, after ours as everything of it. */
const HEAR_KEYS = `window.keys = []; for (const type of ['keydown', 'keyup']) addEventListener(type, ({ key }) => keys.push(key), true)`;
const OURS = `document.querySelector('opening-bell')`;

const ask = () => page.evaluate(() => fetch('/api/quote').then(({ status }) => status));
const keys = () => page.evaluate(() => (window as unknown as { keys: string[] }).keys);

describe('a page that does something to the dialog', () => {
  it.each([
    ['removes it', `${OURS}.remove()`],
    ['moves it', `document.body.append(${OURS})`],
    ['moves it by way of another document', `document.implementation.createHTMLDocument('').body.append(${OURS})`],
    ['hides it', `${OURS}.style.setProperty('display', 'none', 'important')`],
    ['makes it inert', `${OURS}.inert = true`],
    ['empties its document', `document.documentElement.replaceChildren(document.body)`],
    [
      'puts another root in its place',
      `document.replaceChild(document.createElement('html'), document.documentElement)`,
    ],
  ])('%s: has it back, and its keys reach nobody else', async (_what, deed) => {
    const answered = ask();
    await dialogOf(page, 'One request waits');
    await page.evaluate(deed);
    const dialog = await dialogOf(page, 'One request waits');
    await page.keyboard.press('a');
    expect(await keys()).toEqual([]);
    await logInBy(all, dialog);
    expect(await answered).toBe(200);
  });

  it.each([
    ['opens its document anew', `document.open(); document.write('<p>new</p>'); document.close()`],
    ['writes into it after its load', `document.write('<p>new</p>')`],
    [
      'removes it whenever it comes back',
      `new MutationObserver(() => ${OURS}?.remove()).observe(document.documentElement, { childList: true }); ${OURS}.remove()`,
    ],
  ])('%s: is rid of it, and has its answer', async (_what, deed) => {
    const answered = ask();
    await dialogOf(page, 'One request waits');
    await page.evaluate(deed);
    expect(await answered).toBe(401);
    await noDialog(page);
    // Nothing waits for a login that nobody asks for.
    expect(await ask()).toBe(401);
  });

  it('that opened its document anew before anything failed has its answer at once', async () => {
    await page.evaluate(`document.open(); document.write('<p>new</p>'); document.close()`);
    expect(await ask()).toBe(401);
    await noDialog(page);
  });
});
