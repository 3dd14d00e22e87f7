import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Page } from 'playwright-core';
import type { HistoryEntry } from '../utils/domain/history/history.ts';
import { isTradingDay } from '../utils/shared/market.ts';
import { DAY, HOUR, MINUTE, startOfIstDay } from '../utils/shared/time.ts';
import { type SetUp, setUpIn } from './start/set-up.ts';
import { walk } from './start/walk.ts';
import { type Chromium, startChromium } from './support/browsers/chromium.ts';
import { storeHistory } from './support/browsers/stored-history.ts';
import { switchOn } from './support/hold/dashboard.ts';
import { dialogOf } from './support/hold/login.ts';
import { startPracticePage } from './support/hold/practice-page.ts';
import { speakEnglish } from './support/speak-english.ts';

/** The sections that are pictured, each by what is there once it is. */
const SHOWN = {
  destinations: '[data-what="delivery"] .opens',
  dashboards: '[data-dashboard]',
  permissions: '[data-host]',
  data: '[data-action="export"]',
};

speakEnglish();
/** Pictures of the real screens, in both themes, to `.output/screenshots/`. */
const folder = join(import.meta.dirname, '../.output/screenshots');
mkdirSync(folder, { recursive: true });
console.log('Starting the practice brokers, the reference backend and Chromium with the extension…');
const all = await setUpIn(startChromium);
try {
  await takeFirstRun(all);
  await takeScreens(all, 'before');
  await takeDialog(all);
  await all.practice.backend.submit('zerodha', 'quote', { instruments: ['NSE:NIFTY 50'] });
  await all.practice.backend.submit('zerodha', 'profile', {});
  await walk('zerodha', all.browser, all.practice, { ms: 20_000 });
  all.practice.brokers.faults.add('breeze.exchange.unknown-key');
  await walk('icici', all.browser, all.practice, { ms: 20_000 });
  const id = all.ids.zerodha;
  await all.browser.send({ type: 'confirm-user', account: id, user: 'AB****' });
  await takeScreens(all, 'after');
  await switchOn(all.browser, id, 'http://127.0.0.1:8000');
  await takeSections(all);
  await storeHistory(all.browser, { account: id, entries: weeks(Date.now()) });
  await takeHistory(all);
} finally {
  await all.close();
}

/** A picture in each theme, of what `shown` brings about on the page. */
async function take(page: Page, name: string, shown: () => Promise<Buffer>): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const path = join(folder, `${name}-${colorScheme}.png`);
    writeFileSync(path, await shown());
    console.log(relative(process.cwd(), path));
  }
}

async function takeScreens({ browser }: SetUp<Chromium>, name: string): Promise<void> {
  const page = await browser.newTab();
  await take(page, `popup-${name}`, async () => {
    await page.setViewportSize({ width: 360, height: 600 });
    await page.goto(browser.url('popup.html'));
    await page.waitForSelector('[data-account]');
    return page.locator('body').screenshot();
  });
  await take(page, `options-${name}`, async () => {
    await page.setViewportSize({ width: 900, height: 800 });
    await page.goto(browser.url('options.html'));
    await page.waitForSelector('section[data-account]');
    return page.screenshot({ fullPage: true });
  });
  await page.close();
}

/** The first run once everything but the login is done, and as it begins, which it then stays at. */
async function takeFirstRun({ browser }: SetUp<Chromium>): Promise<void> {
  const page = await browser.newTab();
  await page.setViewportSize({ width: 900, height: 800 });
  for (const [name, hash, shows] of [
    ['first-run-login', '', '[data-setup="login"] .account'],
    ['first-run', '#new', '[name="pairing"]'],
  ] as const)
    await take(page, name, async () => {
      await page.goto('about:blank');
      await page.goto(browser.url(`welcome.html${hash}`));
      await page.waitForSelector(shows);
      return page.screenshot({ fullPage: true });
    });
  await page.close();
}

/** The sections of the settings that a login has filled; a delivery is opened. */
async function takeSections({ browser }: SetUp<Chromium>): Promise<void> {
  const page = await browser.newTab();
  await page.setViewportSize({ width: 1_000, height: 800 });
  for (const [name, shows] of Object.entries(SHOWN))
    await take(page, `options-${name}`, async () => {
      await page.goto('about:blank');
      await page.goto(browser.url(`options.html#${name}`));
      await page.waitForSelector(`[data-section="${name}"] ${shows}`);
      if (name === 'destinations') await page.click(shows);
      return page.screenshot({ fullPage: true });
    });
  await page.close();
}

/** The dialog over a dashboard whose request failed for want of a session. */
async function takeDialog({ browser, ids }: SetUp<Chromium>): Promise<void> {
  for (const scheme of ['light', 'dark']) {
    // The dialog follows the page, not the system.
    const server = await startPracticePage(
      () => false,
      `<style>body { font-family: sans-serif; color-scheme: ${scheme}; background: ${scheme === 'dark' ? '#181a1f' : '#fff'}; color: ${scheme === 'dark' ? '#ddd' : '#222'} }</style>`,
    );
    const dashboard = await switchOn(browser, ids.zerodha, server.url);
    const page = await browser.newTab();
    await page.goto(server.url);
    await page.evaluate(() => void fetch('/api/orders', { method: 'POST', body: 'NIFTY' }));
    await page.evaluate(() => void fetch('/api/positions'));
    await dialogOf(page);
    const path = join(folder, `dialog-${scheme}.png`);
    await page.screenshot({ path });
    console.log(relative(process.cwd(), path));
    await page.close();
    await browser.send({ type: 'remove-dashboard', id: dashboard });
    await server.close();
  }
}

async function takeHistory({ browser }: SetUp<Chromium>): Promise<void> {
  const page = await browser.newTab();
  await page.setViewportSize({ width: 900, height: 1_000 });
  await take(page, 'history', async () => {
    await page.goto(browser.url('options.html#history'));
    const history = page.locator('[data-section="history"]');
    await history.locator('tbody [tabindex="0"]').focus();
    return history.screenshot();
  });
  await page.close();
}

/** Six weeks of logins before work, with a late one and an outage now and then. */
function weeks(now: number): HistoryEntry[] {
  const today = startOfIstDay(now);
  const days = Array.from({ length: 42 }, (_, ago) => today - (ago + 1) * DAY).filter((day) => isTradingDay(day));
  return days.reverse().flatMap((day, index): HistoryEntry[] => {
    const at = day + (index % 7 === 3 ? 9 * HOUR + 40 * MINUTE : 8 * HOUR + 45 * MINUTE);
    const entry = (kind: HistoryEntry['kind'], from: number, until: number) => ({
      key: `${kind}:${from}`,
      kind,
      at: from,
      until,
    });
    const outage = entry('outage', day + 11 * HOUR, day + 11 * HOUR + 41 * MINUTE);
    return [entry('login', at, at), entry('session', at, day + DAY + 6 * HOUR), ...(index % 9 === 5 ? [outage] : [])];
  });
}
