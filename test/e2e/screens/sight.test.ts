import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECTIONS } from '../../../components/settings/section.tsx';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { barriers } from '../../support/checks/accessible.ts';
import { inDialog, unseen, unseenInDialog } from '../../support/checks/seen.ts';
import { switchOn } from '../../support/hold/dashboard.ts';
import { dialogOf, untilCaptured } from '../../support/hold/login.ts';
import { startPracticePage } from '../../support/hold/practice-page.ts';
import { plain } from '../../support/samples/samples.ts';

const WIDE = { width: 1_000, height: 800 };
/** A window of 640 px at twice the size; the popup, which is never wider than 360, at twice the size on the narrowest screen. */
const NARROW = { width: 320, height: 640 };
const NARROWEST = { width: 180, height: 300 };

interface Eyes {
  forced: 'active' | 'none';
  dir: 'ltr' | 'rtl';
  isLarge: boolean;
}
const EYES: [string, Eyes][] = [
  ['in forced colours', { forced: 'active', dir: 'ltr', isLarge: false }],
  ['from right to left', { forced: 'none', dir: 'rtl', isLarge: false }],
  ['at 200 %', { forced: 'none', dir: 'ltr', isLarge: true }],
  ['at 200 %, from right to left, in forced colours', { forced: 'active', dir: 'rtl', isLarge: true }],
];

async function lookWith(page: Page, { forced, dir, isLarge }: Eyes, narrow = NARROW): Promise<void> {
  await page.emulateMedia({ forcedColors: forced });
  await page.setViewportSize(isLarge ? narrow : WIDE);
  await page.evaluate((side) => {
    document.documentElement.dir = side;
  }, dir);
}

let all: SetUp<Chromium>;
let page: Page;
/** The tab of a login, which shows it as long as it is not loaded again. */
let captured: Page;
beforeAll(async () => {
  all = await setUpIn(startChromium);
  const { browser, ids } = all;
  page = await browser.newTab();
  captured = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
  await captured.click('#login');
  await untilCaptured(captured);
  await captured.locator('.account').waitFor();
});
afterAll(() => all.close());

const opened = async (path: string, shows: string) => {
  await page.goto('about:blank');
  await page.goto(all.browser.url(path));
  await page.locator(shows).first().waitFor();
  return page;
};
const PAGES: [string, () => Promise<Page>][] = [
  ['the popup', () => opened('popup.html', '.account')],
  ['the first run', () => opened('welcome.html#new', '[name="pairing"]')],
  ['the page of a login', async () => captured],
  ['the page of no login', () => opened('captured.html', 'p')],
  ['the page of a reminder', () => opened(`reminder.html#${all.ids.icici}`, '.account')],
  ...SECTIONS.map((name): [string, () => Promise<Page>] => [
    `the settings’ ${name}`,
    () => opened(`options.html#${name}`, `[data-section="${name}"] > :nth-child(2)`),
  ]),
];

describe.each(EYES)('%s', (_eyes, eyes) => {
  it.each(PAGES)('%s is seen and reached as a whole, and has no barrier', async (name, open) => {
    const shown = await open();
    await lookWith(shown, eyes, name === 'the popup' ? NARROWEST : NARROW);
    expect(await unseen(shown)).toEqual([]);
    expect(await barriers(shown)).toEqual([]);
  });
});

it.each([
  ['a page wider than its window', 'main { width: 1200px }', /wider than its window/],
  ['a text that is cut off', 'h1 { width: 20px; overflow: hidden; white-space: nowrap }', /cut off/],
  ['a text beside its button', 'button { width: 20px; white-space: nowrap }', /reaches out of its box/],
  ['a focus that does not show', 'button:focus-visible { outline: none }', /focus does not show/],
  ['a button under something', 'body::after { content: ""; position: fixed; inset: 0 }', /out of sight/],
  ['a button of no size', 'button { font-size: 0; padding: 0 }', /too small/],
])('%s would be found', async (_, content, says) => {
  const shown = await opened('options.html#reminders', 'form');
  await lookWith(shown, { forced: 'none', dir: 'ltr', isLarge: false });
  // The pages' own policy takes no style that stands in them.
  await shown.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, content);
  expect((await unseen(shown)).join()).toMatch(says);
});

describe('the dialog on a dashboard', () => {
  const DESKS = [
    ['a light page', 'background: #fff; color: #222'],
    ['a dark page', 'background: #181a1f; color: #ddd'],
  ] as const;
  const WIDTHS = [WIDE, { width: 360, height: 640 }, NARROW];

  it.each(DESKS)(
    'is seen and reached as a whole on %s, also on a phone, in forced colours and from right to left',
    async (_, style) => {
      const server = await startPracticePage(() => false, `<style>body { ${style} }</style>`);
      const dashboard = await switchOn(all.browser, all.ids.icici, server.url);
      const desk = await all.browser.newTab();
      await desk.goto(server.url);
      await desk.evaluate(() => void fetch('/api/orders', { method: 'POST', body: 'NIFTY' }));
      await dialogOf(desk);
      const found: unknown[] = [];
      for (const viewport of WIDTHS)
        for (const [eyes, { forced, dir }] of EYES) {
          await desk.setViewportSize(viewport);
          await desk.emulateMedia({ forcedColors: forced });
          await inDialog(desk, `(root) => { root.querySelector('dialog').dir = '${dir}'; }`);
          found.push(...(await unseenInDialog(desk)).map((one) => `${viewport.width} px, ${eyes}: ${one}`));
        }
      expect(found).toEqual([]);
      await desk.close();
      await all.browser.send({ type: 'remove-dashboard', id: dashboard });
      await server.close();
    },
  );

  it('reads in its own direction on a page that reads from right to left', async () => {
    const server = await startPracticePage(() => false, '<script>document.documentElement.dir = "rtl"</script>');
    const dashboard = await switchOn(all.browser, all.ids.icici, server.url);
    const desk = await all.browser.newTab();
    await desk.goto(server.url);
    await desk.evaluate(() => void fetch('/api/positions'));
    await dialogOf(desk);
    expect(await inDialog(desk, '(root) => getComputedStyle(root.querySelector("dialog")).direction')).toBe('ltr');
    await desk.close();
    await all.browser.send({ type: 'remove-dashboard', id: dashboard });
    await server.close();
  });
});

describe('the popup of eight accounts of which most are due', () => {
  const app = { broker: 'zerodha', redirectUrl: 'http://127.0.0.1/', mode: 'seal', expectedUser: null } as const;
  beforeAll(async () => {
    const { send } = all.browser;
    for (const name of ['spouse', 'HUF', 'mother', 'father', 'sister', 'a friend with a longer name']) {
      const saved = await send({
        type: 'save-account',
        id: null,
        form: { ...app, name, apiKey: `key${name.length}${name[0]}` },
      });
      const account = saved.ok ? (saved.account ?? '') : '';
      const { id: _id, account: _account, savedAt: _at, createdAt: _createdAt, ...form } = { ...plain(), secret: '' };
      expect(await send({ type: 'save-destination', account, form })).toMatchObject({ ok: true });
    }
  });

  it.each(EYES)('is seen and reached as a whole, and has no barrier, %s', async (_eyes, eyes) => {
    const shown = await opened('popup.html', '[data-action="log-in-due"]');
    expect(await shown.locator('[data-action="log-in-due"]').innerText()).toBe(
      'Log in 7 accounts, one after the other',
    );
    await lookWith(shown, eyes, NARROWEST);
    expect(await unseen(shown)).toEqual([]);
    expect(await barriers(shown)).toEqual([]);
  });

  it('is so while they log in, and after the press of a key stays where it was', async () => {
    const popup = await opened('popup.html', '[data-action="log-in-due"]');
    await popup.locator('[data-action="log-in-due"]').focus();
    const login = await all.browser.loginTab(() => popup.keyboard.press('Enter'));
    await popup.locator('[data-round="under-way"]').waitFor();
    expect(await popup.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Logins one after the other',
    );
    await login.close();
    await all.browser.send({ type: 'refresh' });
    await popup.locator('[data-round="stopped"]').waitFor();
    await lookWith(popup, { forced: 'active', dir: 'rtl', isLarge: true }, NARROWEST);
    expect(await unseen(popup)).toEqual([]);
    expect(await barriers(popup)).toEqual([]);
    await popup.locator('[data-action="stop-logins"]').click();
    await popup.locator('[data-action="log-in-due"]').waitFor();
  });
});
