import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { speakEnglish } from '../backend/src/english.ts';
import { type SetUp, setUpIn } from './start/set-up.ts';
import { walk } from './start/walk.ts';
import { type Chromium, startChromium } from './support/chromium.ts';

speakEnglish();
/** Pictures of the real screens, in both themes, to `.output/screenshots/`. */
const folder = join(import.meta.dirname, '../.output/screenshots');
mkdirSync(folder, { recursive: true });
const all = await setUpIn(startChromium);
try {
  await take(all, 'before');
  await all.practice.backend.submit('zerodha', 'quote', { instruments: ['NSE:NIFTY 50'] });
  await all.practice.backend.submit('zerodha', 'profile', {});
  await walk('zerodha', all.browser, all.practice, 10_000);
  all.practice.brokers.faults.add('breeze.exchange.unknown-key');
  await walk('icici', all.browser, all.practice, 10_000);
  const id = all.ids.zerodha;
  await all.browser.send({ type: 'confirm-user', account: id, user: 'AB****' });
  await take(all, 'after');
} finally {
  await all.close();
}

async function take({ browser }: SetUp<Chromium>, name: string): Promise<void> {
  const page = await browser.context.newPage();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 600 });
    await page.goto(browser.url('popup.html'));
    await page.waitForSelector('[data-account]');
    await page.locator('body').screenshot({ path: join(folder, `popup-${name}-${colorScheme}.png`) });
    await page.setViewportSize({ width: 900, height: 800 });
    await page.goto(browser.url('options.html'));
    await page.waitForSelector('section[data-account]');
    await page.screenshot({ path: join(folder, `options-${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.close();
}
