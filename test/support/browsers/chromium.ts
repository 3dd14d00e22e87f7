import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { findProgram } from '../backend/program.ts';
import { HANGS_MS, until, within } from '../until.ts';
import { type Browser, type BrowserOptions, expectDone, fromOptions } from './browser.ts';
import { removeProfile } from './remove-profile.ts';

/** The build for Chromium. */
export const BUILT = join(import.meta.dirname, '../../../.output/chrome-mv3');

/** Chromium by Playwright, whose pages can do more than every browser's tabs. */
export interface Chromium extends Browser {
  context: BrowserContext;
  /** The folder of its profile, which goes with `close`. */
  profile: string;
  options: Page;
  newTab(): Promise<Page>;
  loginTab(open: () => Promise<unknown>): Promise<Page>;
  reload(): Promise<Chromium>;
  restart(): Promise<Chromium>;
  restore(): Promise<Chromium>;
  crash(): Promise<Chromium>;
}

export function findChromium(): string | null {
  return findProgram(process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser');
}

/** Starts Chromium with the extension in a new profile. */
export async function startChromium(options: BrowserOptions = {}): Promise<Chromium> {
  const { extension = BUILT, others = [] } = options;
  const profile = mkdtempSync(join(tmpdir(), 'opening-bell-chromium-'));
  offerNoPasswords(profile);
  const loaded = [extension, ...others];
  const context = await launch(profile, options, [
    `--disable-extensions-except=${loaded}`,
    `--load-extension=${loaded}`,
  ]);
  const lines = listen(context);
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const origin = new URL(worker.url()).origin.replace(/^null$/, '') || worker.url().replace(/\/[^/]*$/, '');
  // The extension opens its first-run page by itself when it is installed; its tab then shows the settings.
  const settings = await until(
    () => context.pages().find((page) => page.url() === `${origin}/welcome.html`),
    (page) => page !== undefined,
  );
  if (!settings) throw new Error('the first-run page did not open at the install');
  await settings.waitForLoadState();
  await settings.goto(`${origin}/options.html`);
  return drive({ context, profile, lines, origin, options }, settings);
}

/** Nothing of the browser's own stands over a page that a person was asked to look at. */
function offerNoPasswords(profile: string): void {
  mkdirSync(join(profile, 'Default'));
  const preferences = { credentials_enable_service: false, profile: { password_manager_enabled: false } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
}

interface Running {
  context: BrowserContext;
  profile: string;
  lines: string[];
  origin: string;
  options: BrowserOptions;
}

async function drive(running: Running, options: Page): Promise<Chromium> {
  const { context, profile, lines, origin } = running;
  const url = (path: string) => `${origin}/${path}`;
  const cdp = await context.newCDPSession(options);
  const preGrant = await openGrants(context, new URL(url('')).host);
  await options.bringToFront();
  return {
    ...fromOptions(options),
    name: 'chromium',
    context,
    profile,
    options,
    url,
    newTab: async () => closable(await context.newPage()),
    tabs: async () => context.pages(),
    async loginTab(open) {
      const opened = context.waitForEvent('page');
      opened.catch(() => undefined);
      await expectDone(open());
      return closable(await opened);
    },
    preGrant,
    async allow(...patterns) {
      await preGrant(patterns);
      await options.evaluate((origins) => chrome.permissions.request({ origins }), patterns);
    },
    killWorker: () => killWorker(cdp, options),
    visits: async (prefix) =>
      [...(await backLists(context)), ...(await readHistory(profile))].filter((one) => one.startsWith(prefix)),
    console: () => lines,
    logInBackground: async (text) => {
      const worker = context.serviceWorkers().find((one) => one.url().startsWith(origin));
      await worker?.evaluate((line) => console.log(line), text);
    },
    quit: () => context.close(),
    async reload() {
      // The page that asks for it goes with the extension. What is opened before may be a page of the old one.
      const gone = options.waitForEvent('close');
      await options.evaluate(() => chrome.runtime.reload()).catch(() => undefined);
      await gone;
      return drive(running, await openSettings(running));
    },
    async restart() {
      await context.close();
      return startAgain(running);
    },
    async restore() {
      await context.close();
      return startAgain(running, ['--restore-last-session']);
    },
    async crash() {
      const [pid] = /\d+$/.exec(readlinkSync(join(profile, 'SingletonLock'))) ?? [];
      const gone = context.waitForEvent('close');
      process.kill(Number(pid), 'SIGKILL');
      await gone;
      return startAgain(running);
    },
    async close() {
      await context.close();
      removeProfile(profile);
    },
  };
}

/** Starts Chromium on a profile, with the words that load its extensions. */
export async function launch(
  profile: string,
  { brokers, proxyPort, headless = true, language, keepsPages }: BrowserOptions,
  extensions: string[],
): Promise<BrowserContext> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or name one in CHROMIUM');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    timeout: HANGS_MS,
    headless,
    viewport: { width: 1000, height: 800 },
    ...(language ? { env: { ...process.env, LANGUAGE: language } } : {}),
    ignoreDefaultArgs: ['--disable-extensions', ...(keepsPages ? ['--disable-back-forward-cache'] : [])],
    args: [
      ...extensions,
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--no-first-run',
      ...(language ? [`--lang=${language}`] : []),
      '--disable-sync',
      '--disable-component-update',
      ...(brokers?.chromiumArgs ?? []),
      // The second word takes the exception for this machine away.
      ...(proxyPort ? [`--proxy-server=http://127.0.0.1:${proxyPort}`, '--proxy-bypass-list=<-loopback>'] : []),
    ],
  });
  context.setDefaultTimeout(HANGS_MS);
  return context;
}

// 2026-11, Chromium 156: --load-extension installs anew at each start and empties what is stored. What is written down as
// unpacked (4) instead of as of the command line (8) is started again like any other extension.
async function startAgain(running: Running, words: string[] = []): Promise<Chromium> {
  const file = join(running.profile, 'Default', 'Preferences');
  const preferences = JSON.parse(readFileSync(file, 'utf8'));
  const id = new URL(`${running.origin}/`).host;
  preferences.extensions.settings[id].location = 4;
  preferences.extensions.ui = { ...preferences.extensions.ui, developer_mode: true };
  writeFileSync(file, JSON.stringify(preferences));
  const context = await launch(running.profile, running.options, words);
  const again = { ...running, context, lines: listen(context) };
  return drive(again, await openSettings(again));
}

/** Opens the settings once the extension runs. */
async function openSettings({ context, origin }: Running): Promise<Page> {
  const page = await context.newPage();
  let patienceMs = 1_000;
  const open = () => {
    // A slow machine is given more time by every try.
    patienceMs = Math.min(2 * patienceMs, 32_000);
    return page
      .goto(`${origin}/options.html`)
      .then(() => page.waitForSelector('[name=pairing]', { timeout: patienceMs }))
      .then(
        () => true,
        () => false,
      );
  };
  await until(open, (isOpen) => isOpen);
  return page;
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
  // 2026-11, Chromium 156: without it an unpacked extension does not come back from a reload.
  await page.evaluate(() =>
    (
      chrome as unknown as {
        developerPrivate: { updateProfileConfiguration(change: { inDeveloperMode: boolean }): Promise<void> };
      }
    ).developerPrivate.updateProfileConfiguration({ inDeveloperMode: true }),
  );
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

/** Ends every worker for real; the session is one of an extension's own page. */
export async function killWorker(cdp: CDPSession, page: Page): Promise<void> {
  await within(cdp.send('ServiceWorker.enable'), 'Chromium did not tell of its workers');
  await within(cdp.send('ServiceWorker.stopAllWorkers'), 'Chromium did not stop its workers');
  await page.waitForTimeout(50);
}

/**
 * The page, whose close is asked for until it has come. 2026-11, Chromium 156: a close that comes while a page changes its
 * process is lost, and Playwright asks once.
 */
async function closable(page: Page): Promise<Page> {
  const cdp = await page.context().newCDPSession(page);
  const { targetInfo } = await cdp.send('Target.getTargetInfo');
  const closeOnce = page.close.bind(page);
  page.close = async () => {
    const closed = closeOnce().then(() => true);
    await until(
      async () => {
        const isClosed = await Promise.race([closed, setTimeout(UNANSWERED_MS, false)]);
        if (!isClosed) await cdp.send('Target.closeTarget', { targetId: targetInfo.targetId });
        return isClosed;
      },
      (isClosed) => isClosed,
    );
  };
  return page;
}

async function backLists(context: BrowserContext): Promise<string[]> {
  const lists = context.pages().map((page) =>
    until(
      () => Promise.race([backList(page), setTimeout(UNANSWERED_MS, null)]),
      (list) => list !== null,
    ),
  );
  return (await Promise.all(lists)).flatMap((list) => list ?? []);
}

// A page that changes its process may leave a question without an answer, and is asked again.
const UNANSWERED_MS = 5_000;

/** Null while the page changes its process: nothing answers for it then. */
async function backList(page: Page): Promise<string[] | null> {
  const cdp = await page.context().newCDPSession(page);
  try {
    const { entries } = await cdp.send('Page.getNavigationHistory');
    return entries.map(({ url }) => url);
  } catch (error) {
    if (String(error).includes('Not attached to an active page')) return null;
    throw error;
  } finally {
    await cdp.detach();
  }
}

/** The profile's history file, copied first, since the browser holds it. */
function readHistory(profile: string): Promise<string[]> {
  // A copy that was made in the middle of a writing cannot be read; the next one can.
  return until(
    () => readCopy(join(profile, 'Default', 'History')),
    (urls) => urls !== null,
  ).then((urls) => urls ?? []);
}

function readCopy(file: string): string[] | null {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-history-'));
  try {
    copyFileSync(file, join(folder, 'History'));
    const database = new DatabaseSync(join(folder, 'History'));
    const rows = database.prepare('SELECT url FROM urls').all() as { url: string }[];
    database.close();
    return rows.map(({ url }) => url);
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
