import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { type Browser, type BrowserOptions, fromOptions } from './browser.ts';
import { findProgram } from './program.ts';
import { until } from './until.ts';

/** The build for Chromium. */
export const BUILT = join(import.meta.dirname, '../../.output/chrome-mv3');

/** Chromium by Playwright, whose pages can do more than every browser's tabs. */
export interface Chromium extends Browser {
  context: BrowserContext;
  options: Page;
  newTab(): Promise<Page>;
  loginTab(open: () => Promise<unknown>): Promise<Page>;
}

export function findChromium(): string | null {
  return findProgram(process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser');
}

/** Starts Chromium with the extension in a new profile. */
export async function startChromium({
  brokers,
  extension = BUILT,
  others = [],
  headless = true,
}: BrowserOptions = {}): Promise<Chromium> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or name one in CHROMIUM');
  const profile = mkdtempSync(join(tmpdir(), 'opening-bell-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless,
    viewport: { width: 1000, height: 800 },
    args: [
      `--disable-extensions-except=${[extension, ...others]}`,
      `--load-extension=${[extension, ...others]}`,
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-sync',
      '--disable-component-update',
      ...(brokers?.chromiumArgs ?? []),
    ],
  });
  const lines = listen(context);
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const origin = new URL(worker.url()).origin.replace(/^null$/, '') || worker.url().replace(/\/[^/]*$/, '');
  const url = (path: string) => `${origin}/${path}`;
  // The extension opens its settings by itself when it is installed; another navigation to them would collide with it.
  const options = await until(
    () => context.pages().find((page) => page.url() === url('options.html')),
    (page) => page !== undefined,
  );
  if (!options) throw new Error('the settings did not open at the install');
  await options.waitForLoadState();
  const cdp = await context.newCDPSession(options);
  const preGrant = await openGrants(context, new URL(url('')).host);
  await options.bringToFront();
  return {
    ...fromOptions(options),
    name: 'chromium',
    context,
    options,
    url,
    newTab: () => context.newPage(),
    tabs: async () => context.pages(),
    async loginTab(open) {
      const opened = context.waitForEvent('page');
      await open();
      return opened;
    },
    preGrant,
    async allow(...patterns) {
      await preGrant(patterns);
      await options.evaluate((origins) => chrome.permissions.request({ origins }), patterns);
    },
    killWorker: () => killWorker(cdp, options),
    visits: async (prefix) =>
      [...(await backLists(context)), ...readHistory(profile)].filter((one) => one.startsWith(prefix)),
    console: () => lines,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

function listen(context: BrowserContext): string[] {
  const lines: string[] = [];
  context.on('console', (message) => lines.push(message.text()));
  return lines;
}

// Chromium shows its permission prompt to a person alone; a host that its settings page granted is not asked for again.
async function openGrants(context: BrowserContext, id: string): Promise<(patterns: string[]) => Promise<void>> {
  const page = await context.newPage();
  await page.goto('chrome://extensions');
  return async (patterns) => {
    await page.evaluate(
      async ({ extension, hosts }) => {
        const { developerPrivate } = chrome as unknown as {
          developerPrivate: { addHostPermission(id: string, host: string): Promise<void> };
        };
        for (const host of hosts) await developerPrivate.addHostPermission(extension, host);
      },
      { extension: id, hosts: patterns },
    );
  };
}

async function killWorker(cdp: CDPSession, page: Page): Promise<void> {
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.stopAllWorkers');
  await page.waitForTimeout(50);
}

async function backLists(context: BrowserContext): Promise<string[]> {
  const lists = context.pages().map(async (page) => {
    const cdp = await context.newCDPSession(page);
    const { entries } = await cdp.send('Page.getNavigationHistory');
    await cdp.detach();
    return entries.map(({ url }) => url);
  });
  return (await Promise.all(lists)).flat();
}

/** The profile's history file, copied first, since the browser holds it. */
function readHistory(profile: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-history-'));
  copyFileSync(join(profile, 'Default', 'History'), join(folder, 'History'));
  const database = new DatabaseSync(join(folder, 'History'));
  const rows = database.prepare('SELECT url FROM urls').all() as { url: string }[];
  database.close();
  rmSync(folder, { recursive: true, force: true });
  return rows.map(({ url }) => url);
}
