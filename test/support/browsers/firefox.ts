import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../backend/program.ts';
import { HANGS_MS, until } from '../until.ts';
import { zip } from '../zip.ts';
import { type Bidi, connectBidi } from './bidi.ts';
import { type Browser, type BrowserOptions, expectDone, fromOptions, type Tab } from './browser.ts';
import { createTab } from './firefox-tab.ts';
import { removeProfile } from './remove-profile.ts';

const BUILT = join(import.meta.dirname, '../../../.output/firefox-mv3');
const ID = '{b0ba8f1e-5d2c-4a77-9c41-0e7d1b5e6a90}';
const UUID = '0b0b0b0b-1111-4222-8333-444444444444';
/** The running extension, in Firefox's own scope. */
const EXTENSION = `WebExtensionPolicy.getByID('${ID}')?.extension`;
const ORIGIN = `moz-extension://${UUID}`;

/** Firefox, which has containers. */
export interface Firefox extends Browser {
  /** Makes a container, as a person does in the browser's settings, and opens a tab in it. */
  newContainer(): Promise<Tab>;
}

export function findFirefox(): string | null {
  return findProgram(process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox');
}

/** Starts Firefox with the extension in a new profile; driven by WebDriver BiDi, no further program between. */
export async function startFirefox(options: BrowserOptions = {}): Promise<Firefox> {
  const { extension = BUILT, others = [] } = options;
  const profile = mkdtempSync(join(tmpdir(), 'opening-bell-firefox-'));
  writeFileSync(join(profile, 'user.js'), preferences(options));
  const { bidi, ...launched } = await launch(profile);
  for (const path of others) await bidi.call('webExtension.install', { extensionData: { type: 'path', path } });
  // Installed for good, so that it is still there after a restart: from a folder Firefox installs for one run alone.
  const extensionData = { type: 'base64', value: zip(extension).toString('base64') };
  await bidi.call('webExtension.install', { extensionData, 'moz:permanent': true });
  const settings = await until(
    async () => (await contexts(bidi)).find(({ url }) => url === `${ORIGIN}/welcome.html`),
    (found) => found !== undefined,
  );
  if (!settings) throw new Error('the first-run page did not open at the install');
  const page = createTab(bidi, settings.context);
  await page.waitForSelector('[name=pairing]');
  await page.goto(`${ORIGIN}/options.html`);
  await page.waitForSelector('[name=pairing]');
  return drive({ ...launched, bidi, profile }, page);
}

interface Running {
  child: ChildProcess;
  lines: string[];
  bidi: Bidi;
  profile: string;
}

async function drive(running: Running, options: Tab): Promise<Firefox> {
  const { child, lines, bidi, profile } = running;
  const chrome = await chromeScope(bidi);
  const tabs = async () => (await contexts(bidi)).map(({ context }) => createTab(bidi, context));
  const quit = async () => {
    await bidi.call('browser.close').catch(() => undefined);
    bidi.close();
    await ended(child);
  };
  return {
    ...fromOptions(options),
    name: 'firefox',
    url: (path) => `${ORIGIN}/${path}`,
    newTab: () => openTab(bidi),
    async newContainer() {
      const { userContext } = await bidi.call<{ userContext: string }>('browser.createUserContext');
      return openTab(bidi, { userContext });
    },
    tabs,
    loginTab: (open) => openedBy(bidi, open),
    // A preference has every prompt answered with yes.
    preGrant: async () => undefined,
    allow: (...patterns) => allow(options, patterns),
    async killWorker() {
      await chrome(`${EXTENSION}.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true })`);
    },
    visits: async (prefix) => (await chrome<string[]>(VISITED)).filter((one) => one.startsWith(prefix)),
    console: () => lines,
    logInBackground: (text) =>
      options.evaluate(async (line) => {
        const background = (await globalThis.chrome.runtime.getBackgroundPage()) as unknown as typeof globalThis;
        background.console.log(line);
      }, text),
    profile,
    quit,
    async reload() {
      // Where the extension's page is the only tab, the window would go with it.
      const next = await openTab(bidi);
      await chrome(`void Object.assign(${EXTENSION}, { isLeft: true })`);
      // Nobody is left to answer.
      void options.evaluate(() => globalThis.chrome.runtime.reload()).catch(() => undefined);
      return drive(running, await openSettings(bidi, next));
    },
    async restart() {
      await quit();
      return startAgain(profile);
    },
    async restore() {
      appendFileSync(join(profile, 'user.js'), OPENS_ITS_TABS_AGAIN);
      // 2026-11, Firefox 153: browser.close closes each tab first, and no session is left. Nobody is left to answer this.
      await chrome('Services.startup.quit(Ci.nsIAppStartup.eAttemptQuit)').catch(() => undefined);
      bidi.close();
      await ended(child);
      return startAgain(profile);
    },
    async crash() {
      child.kill('SIGKILL');
      bidi.close();
      await ended(child);
      return startAgain(profile);
    },
    async close() {
      await quit();
      removeProfile(profile);
    },
  };
}

async function startAgain(profile: string): Promise<Browser> {
  const running = { ...(await launch(profile)), profile };
  return drive(running, await openSettings(running.bidi, await openTab(running.bidi)));
}

async function openTab(bidi: Bidi, where: { userContext?: string } = {}): Promise<Tab> {
  const { context } = await bidi.call<{ context: string }>('browsingContext.create', { type: 'tab', ...where });
  return createTab(bidi, context);
}

/**
 * Opens the settings once the extension runs. A tab that goes there sooner finds an error page. One that goes there
 * while the extension starts may wait for ever (2026-11, Firefox 153: browsingContext.navigate is never answered).
 */
async function openSettings(bidi: Bidi, tab: Tab): Promise<Tab> {
  const chrome = await chromeScope(bidi);
  const isRunning = `${EXTENSION}?.state === 'Startup: Complete' && !${EXTENSION}.isLeft`;
  await until(
    () => chrome<boolean>(isRunning),
    (runs) => runs,
  );
  await tab.goto(`${ORIGIN}/options.html`);
  await tab.waitForSelector('[name=pairing]');
  return tab;
}

function preferences({ brokers, proxyPort }: BrowserOptions): string {
  const values = {
    // The practice brokers under their own names: every name is this machine, and 443 is their port.
    'network.dns.forceResolve': '127.0.0.1',
    ...(brokers && !proxyPort ? { 'network.socket.forcePort': `443=${brokers.port}` } : {}),
    ...(proxyPort ? through(proxyPort) : {}),
    'extensions.webextOptionalPermissionPrompts': false,
    'extensions.webextensions.uuids': JSON.stringify({ [ID]: UUID }),
    'xpinstall.signatures.required': false,
    'privacy.userContext.enabled': true,
    // Brings every page's and background's console to our side.
    'devtools.console.stdout.content': true,
  };
  return asLines(values);
}

// Each tab is loaded as soon as it is back, not when somebody looks at it.
const OPENS_ITS_TABS_AGAIN = asLines({
  'browser.startup.page': 3,
  'browser.sessionstore.restore_on_demand': false,
});

function asLines(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}

function through(port: number) {
  const host = '127.0.0.1';
  return {
    'network.proxy.type': 1,
    'network.proxy.http': host,
    'network.proxy.http_port': port,
    'network.proxy.ssl': host,
    'network.proxy.ssl_port': port,
    'network.proxy.allow_hijacking_localhost': true,
  };
}

async function launch(profile: string) {
  const program = findFirefox();
  if (!program) throw new Error('no Firefox: apt-get install firefox-esr, or name one in FIREFOX');
  const child = spawn(
    program,
    ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile, 'about:blank'],
    {
      // Ending the event page is done from Firefox's own scope.
      env: { ...process.env, HOME: profile, MOZ_REMOTE_ALLOW_SYSTEM_ACCESS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const lines: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => lines.push(String(chunk)));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk));
  const address = await until(
    () => /WebDriver BiDi listening on (ws:\S+)/.exec(said)?.[1] ?? '',
    (found) => found !== '' || child.exitCode !== null,
  );
  if (address === '') throw new Error(`Firefox did not start: ${said}`);
  return { child, lines, bidi: await connectBidi(address) };
}

async function ended(child: ChildProcess): Promise<void> {
  // What is killed too soon has not put everything away.
  const late = setTimeout(() => child.kill('SIGKILL'), HANGS_MS);
  if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once('exit', done));
  clearTimeout(late);
}

interface Context {
  context: string;
  url: string;
}

async function contexts(bidi: Bidi): Promise<Context[]> {
  return (await bidi.call<{ contexts: Context[] }>('browsingContext.getTree')).contexts;
}

/** Evaluates in the browser's own window, with all its rights. */
async function chromeScope(bidi: Bidi): Promise<<T>(expression: string) => Promise<T>> {
  const tree = await bidi.call<{ contexts: Context[] }>('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const { context } = tree.contexts[0] ?? {};
  if (context === undefined) throw new Error('Firefox has no window');
  return (expression) => bidi.evaluate(context, expression);
}

async function openedBy(bidi: Bidi, open: () => Promise<unknown>): Promise<Tab> {
  const before = new Set((await contexts(bidi)).map(({ context }) => context));
  let isRefused = false;
  // Looked for from the beginning: the tab of a silent login closes soon.
  const opening = until(
    async () => (await contexts(bidi)).find(({ context }) => !before.has(context)),
    (found) => found !== undefined || isRefused,
  );
  opening.catch(() => undefined);
  await expectDone(open()).catch((error: unknown) => {
    isRefused = true;
    throw error;
  });
  const opened = await opening;
  if (!opened) throw new Error('no tab opened');
  return createTab(bidi, opened.context);
}

/** Firefox takes a request for hosts from a press of the mouse alone, so the settings page gets a button for it. */
async function allow(options: Tab, patterns: string[]): Promise<void> {
  await options.evaluate((origins) => {
    const button = Object.assign(document.createElement('button'), { id: 'allow-for-test', textContent: 'Allow' });
    button.style.cssText = 'position:fixed;inset:0;z-index:9';
    button.addEventListener('click', () =>
      // With the hosts its consent, as the product's own button asks for both.
      chrome.permissions.request({ origins, data_collection: ['authenticationInfo'] } as object).finally(() => {
        button.remove();
      }),
    );
    document.body.append(button);
  }, patterns);
  await options.click('#allow-for-test');
  await until(
    () => options.evaluate(() => document.querySelector('#allow-for-test') === null),
    (isGone) => isGone,
  );
}

const VISITED = `(async () => {
  const { PlacesUtils } = ChromeUtils.importESModule('resource://gre/modules/PlacesUtils.sys.mjs');
  const database = await PlacesUtils.promiseDBConnection();
  const rows = await database.execute('SELECT url FROM moz_places');
  const lists = gBrowser.browsers.map(({ browsingContext: { sessionHistory } }) =>
    Array.from({ length: sessionHistory?.count ?? 0 }, (_, index) => sessionHistory.getEntryAtIndex(index).URI.spec));
  return [...rows.map((row) => row.getResultByName('url')), ...lists.flat()];
})()`;
