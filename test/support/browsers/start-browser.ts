import type { Browser, BrowserName, BrowserOptions } from './browser.ts';
import { startChromium } from './chromium.ts';
import { startFirefox } from './firefox.ts';

/** The browser that this run of the tests is for: each has a project of its own in vitest.config.ts. */
export const BROWSER: BrowserName = process.env.BROWSER === 'firefox' ? 'firefox' : 'chromium';

export function startBrowser(options: BrowserOptions = {}): Promise<Browser> {
  return BROWSER === 'firefox' ? startFirefox(options) : startChromium(options);
}
