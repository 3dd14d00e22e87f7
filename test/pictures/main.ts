import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import hindi from '../../public/_locales/hi/messages.json' with { type: 'json' };
import { type SetUp, setUpIn } from '../start/set-up.ts';
import { type Chromium, startChromium } from '../support/browsers/chromium.ts';
import { switchOn } from '../support/hold/dashboard.ts';
import { dialogOf, untilCaptured } from '../support/hold/login.ts';
import { startPracticePage } from '../support/hold/practice-page.ts';
import { speakEnglish } from '../support/speak-english.ts';
import { until } from '../support/until.ts';
import { compose } from './compose.ts';

/** The stores' pictures to `.output/store`, in both languages, and the README's moving one to `docs/morning.webp`. */
const ROOT = join(import.meta.dirname, '../..');
const SCREEN = { width: 1280, height: 800 };
const TILES = { small: { width: 440, height: 280 }, large: { width: 1400, height: 560 } };
const FRAME = { width: 720, height: 450 };
const FRAME_MS = 2_500;
const SECTIONS = ['accounts', 'destinations', 'permissions', 'about'];
/** What each moment of a morning shows. */
const MORNING = {
  due: { title: 'A login is due', text: 'The badge and the popup say so.' },
  broker: { title: 'You log in', text: 'By hand, on the broker’s own page. This one is for practice.' },
  captured: { title: 'The token is captured', text: 'The redirect is never opened. Your backend gets the token.' },
  live: { title: 'Your backend lives', text: 'Each green link was proven by it.' },
};

speakEnglish();
// Without one a browser draws each letter as a box.
const hasHindiFont = spawnSync('fc-list', [':lang=hi'], { encoding: 'utf8' }).stdout?.trim() !== '';
if (!hasHindiFont)
  console.error('Not made: the pictures in Hindi. This computer has no font for it (Debian: fonts-lohit-deva).');
for (const [language, messages] of Object.entries({ en: english, ...(hasHindiFont ? { hi: hindi } : {}) })) {
  const all = await setUpIn((options) => startChromium({ ...options, language }));
  try {
    const words = { title: messages.app_name.message, text: messages.app_description.message };
    const morning = await takeMorning(all);
    if (language === 'en') await writeMorning(all, morning);
    const page = await all.browser.newTab();
    for (const [name, size] of Object.entries(TILES))
      write(`.output/store/${language}/tile-${name}.png`, await compose(page, size, words, morning.live));
    write(`.output/store/${language}/1-popup.png`, await compose(page, SCREEN, words, morning.live));
    await page.close();
    await takeSections(all, language);
    await takeDialog(all, language);
  } finally {
    await all.close();
  }
}

type Morning = Record<keyof typeof MORNING, Buffer>;

/** One login as a person makes it, and a picture at each of its moments. */
async function takeMorning({ browser, ids }: SetUp<Chromium>): Promise<Morning> {
  const screen = await browser.newTab();
  const due = await popup(screen, browser);
  const tab = await browser.loginTab(() => browser.send({ type: 'log-in', account: ids.zerodha }));
  await tab.setViewportSize({ width: 420, height: 460 });
  await tab.waitForSelector('#login');
  const broker = await tab.screenshot();
  await tab.click('#login');
  await untilCaptured(tab);
  await until(
    () => browser.account('zerodha'),
    (one) => one?.status === 'live',
  );
  const captured = await tab.screenshot();
  await tab.close();
  const live = await popup(screen, browser);
  await screen.close();
  return { due, broker, captured, live };
}

async function popup(page: Page, browser: Chromium): Promise<Buffer> {
  await page.setViewportSize({ width: 360, height: 600 });
  await page.goto(browser.url('popup.html'));
  await page.waitForSelector('[data-account]');
  return page.locator('body').screenshot();
}

async function writeMorning({ browser }: SetUp<Chromium>, morning: Morning): Promise<void> {
  const page = await browser.newTab();
  const frames: Buffer[] = [];
  for (const [moment, words] of Object.entries(MORNING))
    frames.push(await compose(page, FRAME, words, morning[moment as keyof Morning]));
  await page.close();
  const delay = frames.map(() => FRAME_MS);
  write(
    'docs/morning.webp',
    await sharp(frames, { join: { animated: true } })
      .webp({ quality: 80, delay })
      .toBuffer(),
  );
}

async function takeSections({ browser }: SetUp<Chromium>, language: string): Promise<void> {
  const page = await browser.newTab();
  await page.setViewportSize(SCREEN);
  for (const [index, section] of SECTIONS.entries()) {
    await page.goto('about:blank');
    await page.goto(browser.url(`options.html#${section}`));
    await page.waitForSelector(`[data-section="${section}"] .card`);
    write(`.output/store/${language}/${index + 2}-${section}.png`, await page.screenshot());
  }
  await page.close();
}

/** The dialog over a dashboard whose request failed since the session ended. */
async function takeDialog({ browser, ids, practice }: SetUp<Chromium>, language: string): Promise<void> {
  practice.brokers.kite.endSession();
  const server = await startPracticePage(
    () => false,
    '<style>body { font: 18px sans-serif; color-scheme: light }</style>',
  );
  await switchOn(browser, ids.zerodha, server.url);
  const page = await browser.newTab();
  await page.setViewportSize(SCREEN);
  await page.goto(server.url);
  await page.evaluate(() => void fetch('/api/positions'));
  await dialogOf(page);
  write(`.output/store/${language}/6-dialog.png`, await page.screenshot());
  await page.close();
  await server.close();
}

function write(path: string, picture: Buffer): void {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, picture);
  console.log(`${relative(process.cwd(), file)}: ${Math.round(picture.length / 1_024)} KiB`);
}
