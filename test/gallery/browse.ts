import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../support/browsers/chromium.ts';
import { type Gallery, serveGallery } from './build.ts';
import type { Look } from './look.ts';

/** The width of every page, in px. */
export const WIDTH = 1_180;

/** A group by its name; `isLarge`: no picture is of all its states. */
export interface GroupName {
  name: string;
  isLarge: boolean;
}

/** The gallery in a real browser that draws the same on every machine, as far as a browser can. */
export interface GalleryBrowser {
  gallery: Gallery;
  groups(): Promise<GroupName[]>;
  /** A page with this look, all of it drawn; `isForced`: in the colours of the system alone. */
  open(look: Partial<Look>, isForced?: boolean): Promise<Page>;
  close(): Promise<void>;
}

export async function browseGallery(): Promise<GalleryBrowser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or name one in CHROMIUM');
  const gallery = await serveGallery();
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-lcd-text',
      '--font-render-hinting=none',
      '--disable-font-subpixel-positioning',
      '--force-color-profile=srgb',
      '--force-device-scale-factor=1',
    ],
  });
  return {
    gallery,
    async groups() {
      const page = await open(browser, gallery.url, {});
      const names = await page.locator('[data-group]').evaluateAll((all) =>
        all.map((one) => {
          const { group = '', pictured } = (one as HTMLElement).dataset;
          return { name: group, isLarge: pictured === 'few' };
        }),
      );
      await page.close();
      return names;
    },
    open: (look, isForced) => open(browser, gallery.url, look, isForced),
    async close() {
      await browser.close();
      await gallery.close();
    },
  };
}

async function open(browser: Browser, url: string, look: Partial<Look>, isForced = false): Promise<Page> {
  const { theme = 'light' } = look;
  const page = await browser.newPage({
    viewport: { width: WIDTH, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    forcedColors: isForced ? 'active' : 'none',
    locale: look.lang ?? 'en',
  });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(
    `${url}?${new URLSearchParams(Object.entries(look).flatMap(([name, value]) => (value === null ? [] : [[name, value]])))}`,
  );
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', null, { timeout: 60_000 });
  if (errors.length > 0) throw new Error(`${JSON.stringify(look)}: ${errors.join('; ')}`);
  return page;
}
