import { accessSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import type { Command, Reply } from '../../utils/domain/messages.ts';
import type { AccountView, Overview } from '../../utils/domain/overview.ts';
import { until } from './until.ts';

export const BUILT = join(import.meta.dirname, '../../.output/chrome-mv3');

/** A real Chromium with the built extension, seen from the person's side and from the extension's own pages. */
export interface Chromium {
  context: BrowserContext;
  /** Our settings page in a tab; everything that needs an extension page is done from here. */
  options: Page;
  profile: string;
  url(path: string): string;
  send(command: Command): Promise<Reply>;
  overview(): Promise<Overview | null>;
  account(name: string): Promise<AccountView | undefined>;
  /** Makes the browser's prompt for these hosts answer yes by itself, so that the product's own buttons can be pressed. */
  preGrant(patterns: string[]): Promise<void>;
  /** Asks for hosts from our settings page, and gets them. */
  allow(...patterns: string[]): Promise<void>;
  revoke(...patterns: string[]): Promise<void>;
  /** Opens the real toolbar popup and gives its DOM as a page-like evaluation. */
  popup(): Promise<Popup>;
  /** Stops the background for real. */
  killWorker(): Promise<void>;
  /** The login tab that a command opens. */
  loginTab(open: () => Promise<unknown>): Promise<Page>;
  close(): Promise<void>;
}

/** The toolbar popup: a view of the extension that no test tool can attach to as a page. */
export interface Popup {
  text(): Promise<string>;
  /** Runs `reader` with the popup's document; it may use nothing but its two arguments. */
  read<T, A>(reader: (document: Document, argument: A) => T, argument: A): Promise<T>;
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export function findChromium(): string | null {
  const places = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  return places.find((path) => path !== '' && canRun(path)) ?? null;
}

/** Starts Chromium with the extension in a new profile. */
export async function startChromium(
  options: { args?: string[]; extension?: string; headless?: boolean } = {},
): Promise<Chromium> {
  const { args = [], extension = BUILT, headless = true } = options;
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or name one in CHROMIUM');
  const profile = mkdtempSync(join(tmpdir(), 'opening-bell-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless,
    viewport: { width: 1000, height: 800 },
    args: [
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      '--disable-sync',
      '--disable-component-update',
      ...args,
    ],
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const origin = new URL(worker.url()).origin.replace(/^null$/, '') || worker.url().replace(/\/[^/]*$/, '');
  const url = (path: string) => `${origin}/${path}`;
  // The extension opens its settings by itself when it is installed; another navigation to them would collide with it.
  const opened = await until(
    () => context.pages().find((page) => page.url() === url('options.html')),
    (page) => page !== undefined,
  );
  if (!opened) throw new Error('the settings did not open at the install');
  const tab = opened;
  await tab.waitForLoadState();
  const cdp = await context.newCDPSession(tab);
  const preGrant = await openGrants(context, new URL(url('')).host);
  await tab.bringToFront();
  return {
    context,
    options: tab,
    profile,
    url,
    send: (command) => tab.evaluate((message) => chrome.runtime.sendMessage(message) as Promise<Reply>, command),
    overview: () => readOverview(tab),
    account: async (name) => (await readOverview(tab))?.accounts.find((one) => one.name === name),
    async allow(...patterns) {
      await preGrant(patterns);
      await tab.evaluate((origins) => chrome.permissions.request({ origins }), patterns);
    },
    revoke: (...patterns) =>
      tab.evaluate(async (origins) => void (await chrome.permissions.remove({ origins })), patterns),
    preGrant,
    popup: () => openPopup(tab),
    killWorker: () => killWorker(cdp, tab),
    async loginTab(open) {
      const opened = context.waitForEvent('page');
      await open();
      return opened;
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
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

function readOverview(page: Page): Promise<Overview | null> {
  return page.evaluate(
    async () => ((await chrome.storage.session.get('overview')).overview as Overview | undefined) ?? null,
  );
}

async function openPopup(page: Page): Promise<Popup> {
  await page.bringToFront();
  await page.evaluate(() => chrome.action.openPopup());
  await page.waitForFunction(() =>
    chrome.extension.getViews({ type: 'popup' })[0]?.document.querySelector('[data-account], .card'),
  );
  const view = "chrome.extension.getViews({ type: 'popup' })[0]";
  return {
    // The popup is no page to the test tool: its document is read from another page of the extension.
    read: (reader, argument) => page.evaluate(`(${reader})(${view}.document, ${JSON.stringify(argument)})`),
    text: () => page.evaluate(() => chrome.extension.getViews({ type: 'popup' })[0]?.document.body.innerText ?? ''),
    click: (selector) =>
      page.evaluate((at) => {
        const element = chrome.extension.getViews({ type: 'popup' })[0]?.document.querySelector(at);
        if (!element) throw new Error(`the popup has no ${at}`);
        (element as HTMLElement).click();
      }, selector),
    type: (selector, text) =>
      page.evaluate(
        ({ at, value }) => {
          const input = chrome.extension
            .getViews({ type: 'popup' })[0]
            ?.document.querySelector(at) as HTMLInputElement | null;
          if (!input) throw new Error(`the popup has no ${at}`);
          input.value = value;
          input.dispatchEvent(new Event('input', { bubbles: true }));
        },
        { at: selector, value: text },
      ),
    close: () => page.evaluate(() => chrome.extension.getViews({ type: 'popup' })[0]?.close()),
  };
}

async function killWorker(cdp: CDPSession, page: Page): Promise<void> {
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.stopAllWorkers');
  await page.waitForTimeout(50);
}

function canRun(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
