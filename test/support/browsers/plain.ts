import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { HANGS_MS } from '../until.ts';
import { findChromium } from './chromium.ts';

/** Starts Chromium without the extension, for pages that have no part in it. */
export async function startPlain(args: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or name one in CHROMIUM');
  return chromium.launch({ executablePath, timeout: HANGS_MS, args: ['--no-sandbox', ...args] });
}

/** A page in a context of its own, as patient as all that waits here: Playwright itself waits 30 s. */
export async function openPlain(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(HANGS_MS);
  return context.newPage();
}
