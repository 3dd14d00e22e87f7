import { chromium, type Page } from 'playwright-core';
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
  /** A page with this look, all of it drawn. It is the language's one page: the next look takes its place. */
  open(look: Partial<Look>): Promise<Page>;
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
  const pages = new Map<Look['lang'], Page>();
  async function open(look: Partial<Look>): Promise<Page> {
    const { lang = 'en' } = look;
    const page = pages.get(lang) ?? (await browser.newPage({ locale: lang }));
    pages.set(lang, page);
    await show(page, gallery.url, look);
    return page;
  }
  return {
    gallery,
    async groups() {
      const page = await open({});
      return page.locator('[data-group]').evaluateAll((all) =>
        all.map((one) => {
          const { group = '', pictured } = (one as HTMLElement).dataset;
          return { name: group, isLarge: pictured === 'few' };
        }),
      );
    },
    open,
    async close() {
      await browser.close();
      await gallery.close();
    },
  };
}

async function show(page: Page, url: string, look: Partial<Look>): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height: 900 });
  await force(page, look.theme ?? 'light', false);
  const errors: string[] = [];
  const note = (error: Error) => void errors.push(error.message);
  page.on('pageerror', note);
  const asked = Object.entries(look).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  await page.goto(`${url}?${new URLSearchParams(asked)}`);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true', null, { timeout: 0 });
  page.off('pageerror', note);
  if (errors.length > 0) throw new Error(`${JSON.stringify(look)}: ${errors.join('; ')}`);
}

/** The colours of a page that is open: those of the system alone, or ours again. */
export function force(page: Page, theme: Look['theme'], isForced: boolean): Promise<void> {
  return page.emulateMedia({
    colorScheme: theme,
    reducedMotion: 'reduce',
    forcedColors: isForced ? 'active' : 'none',
  });
}
