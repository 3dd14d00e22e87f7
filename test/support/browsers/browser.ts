import type { Command, Reply } from '../../../utils/domain/hold/messages.ts';
import type { AccountView, Overview } from '../../../utils/domain/view/overview.ts';
import { within } from '../until.ts';
import { openPopup, type Popup } from './popup.ts';

/** A tab as a person uses it. A page of Playwright is one as it is. */
export interface Tab {
  /** Goes to an address as if it were typed; rejects where nothing could be loaded. */
  goto(url: string): Promise<unknown>;
  /** Where the tab is now. */
  url(): string | Promise<string>;
  /** A real press of the mouse on the first such element, once it is there. */
  click(selector: string): Promise<void>;
  /** A real press of a key where the focus is, once there is such an element. */
  press(selector: string, key: 'Enter' | 'Escape'): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  waitForSelector(selector: string, options?: { timeout?: number }): Promise<unknown>;
  innerText(selector: string): Promise<string>;
  title(): Promise<string>;
  /** Runs a function in the page, without anything from around it; what goes in and comes out is JSON. */
  evaluate<T, A>(run: (argument: A) => T | Promise<T>, argument: A): Promise<T>;
  evaluate<T>(run: string | (() => T | Promise<T>)): Promise<T>;
  reload(): Promise<unknown>;
  goBack(): Promise<unknown>;
  bringToFront(): Promise<void>;
  close(): Promise<void>;
}

/** A real browser with the built extension, seen from the person's side and from the extension's own pages. */
export interface Browser {
  name: BrowserName;
  /** Our settings page in a tab; everything that needs an extension page is done from here. */
  options: Tab;
  /** The address of one of our pages. */
  url(path: string): string;
  send(command: Command): Promise<Reply>;
  overview(): Promise<Overview | null>;
  account(name: string): Promise<AccountView | undefined>;
  newTab(): Promise<Tab>;
  tabs(): Promise<Tab[]>;
  /** The tab that `open` opens. */
  loginTab(open: () => Promise<unknown>): Promise<Tab>;
  /** Makes the browser's prompt for these hosts answer yes by itself, so that the product's own buttons can be pressed. */
  preGrant(patterns: string[]): Promise<void>;
  /** Asks for hosts from our settings page, and gets them. */
  allow(...patterns: string[]): Promise<void>;
  revoke(...patterns: string[]): Promise<void>;
  /** Opens the real toolbar popup. */
  popup(): Promise<Popup>;
  /** Ends the background (Chromium's worker, Firefox's event page) for real. */
  killWorker(): Promise<void>;
  /** Every address that begins so in any tab's back list and in the browser's history. */
  visits(prefix: string): Promise<string[]>;
  /** What pages and extension have written to the console so far. */
  console(): string[];
  /** Writes to the background's console. */
  logInBackground(text: string): Promise<void>;
  /** Where the browser keeps what it keeps. */
  profile: string;
  /** Ends the browser and leaves its profile as it is. */
  quit(): Promise<void>;
  /** Reloads the extension, as an update does; its pages are other ones from then on. */
  reload(): Promise<Browser>;
  /** Quits the browser and starts it again with its profile. Everything from before is of no use then. */
  restart(): Promise<Browser>;
  /** The same, and the browser opens its tabs again, as a person can have it do. */
  restore(): Promise<Browser>;
  /** A restart after the browser was killed: it had no time to put anything away. */
  crash(): Promise<Browser>;
  close(): Promise<void>;
}
export type BrowserName = 'chromium' | 'firefox';

export interface BrowserOptions {
  /** The TLS port of the practice brokers, which stand for the real ones under their names, and the key they use. */
  brokers?: { port: number; chromiumArgs: string[] };
  /** The folder of a build; the usual one where none is named. */
  extension?: string;
  /** Folders of other extensions that are in the same browser. */
  others?: string[];
  /** The port of a proxy on this machine that everything goes through, also what goes to this machine. */
  proxyPort?: number;
  headless?: boolean;
  /** Keeps pages in memory to go back to, as a person's browser does; else Playwright has Chromium load them anew. */
  keepsPages?: boolean;
  /** The language of the browser's own words, as a tag; Chromium only: Firefox reads no other without a language pack. */
  language?: string;
}

/** What an extension page can do in either browser. */
export function fromOptions(
  options: Tab,
): Pick<Browser, 'options' | 'send' | 'overview' | 'account' | 'revoke' | 'popup'> {
  const overview = () =>
    options.evaluate(
      async () => ((await chrome.storage.session.get('overview')).overview as Overview | undefined) ?? null,
    );
  return {
    options,
    send: (command) =>
      within(
        options.evaluate((message) => chrome.runtime.sendMessage(message) as Promise<Reply>, command),
        `the background answered nothing to ${command.type}`,
      ),
    overview,
    account: async (name) => (await overview())?.accounts.find((one) => one.name === name),
    revoke: (...patterns) =>
      options.evaluate(async (origins) => void (await chrome.permissions.remove({ origins })), patterns),
    popup: () => openPopup(options),
  };
}

/** Fails with the extension's words where what should open a tab was a command that it refused. */
export async function expectDone(opening: Promise<unknown>): Promise<void> {
  const reply = await opening;
  if (typeof reply === 'object' && reply !== null && 'ok' in reply && reply.ok === false)
    throw new Error(JSON.stringify(reply));
}
