import { browser } from '../browser.ts';
import { isNowhere } from '../network/seal-rules.ts';

/** Opens an address in a new tab in front, in a container where one is named, and gives the tab's id. */
export function openTab(url: string, container: string | null = null): Promise<number> {
  return createTab(url, container, true);
}

/** The same in a tab that stays behind the others. */
export function openTabBehind(url: string, container: string | null = null): Promise<number> {
  return createTab(url, container, false);
}

async function createTab(url: string, container: string | null, active: boolean): Promise<number> {
  const { id } = await browser.tabs.create({ url, active, ...(container !== null && { cookieStoreId: container }) });
  if (id === undefined) throw new Error('the browser gave the new tab no id');
  return id;
}

/** Opens our page with what is asked in a new tab in front, and gives the tab's id. */
export function openCapturedPage(): Promise<number> {
  return openTab(capturedPage());
}

/** Shows the page that stands in for a sealed redirect, where the browser itself could not. */
export async function showCapturedPage(tab: number): Promise<void> {
  await browser.tabs.update(tab, { url: capturedPage() });
}

// 2026-11, Chromium 156: the address that getURL gives for a page under a dynamic URL opens in no new tab.
function capturedPage(): string {
  return `${browser.runtime.getURL('')}captured.html`;
}

/** Opens the settings; at a section in the tab that shows them already, where there is one. */
export async function openOptions(section?: string): Promise<void> {
  if (section === undefined) return browser.runtime.openOptionsPage();
  const page = browser.runtime.getURL('/options.html');
  const url = `${page}#${section}`;
  const [open] = await browser.tabs.query({ url: `${page}*` });
  if (open?.id === undefined) await browser.tabs.create({ url, active: true });
  else await browser.tabs.update(open.id, { url, active: true });
}

/** Opens the page that leads through the set-up; `new`: for one account more. */
export async function openWelcome(which: '' | 'new' = ''): Promise<void> {
  const page = browser.runtime.getURL('/welcome.html');
  await browser.tabs.create({ url: which === '' ? page : `${page}#${which}`, active: true });
}

/** Closes a tab, unless it is gone already or the only one of its window, which would close with it. */
export async function closeTab(tab: number): Promise<void> {
  try {
    const { windowId } = await browser.tabs.get(tab);
    const beside = await browser.tabs.query({ windowId });
    if (beside.length > 1) await browser.tabs.remove(tab);
  } catch {
    // The person was faster.
  }
}

/** Opens the page on which a reminder can be answered. */
export async function openReminder(account: string): Promise<void> {
  await browser.tabs.create({ url: `${browser.runtime.getURL('/reminder.html')}#${account}`, active: true });
}

/** Leads a tab to an address. */
export async function showAddress(tab: number, url: string): Promise<void> {
  await browser.tabs.update(tab, { url });
}

/** Calls `listener` when the browser puts another tab in a tab's place, as it does with one that it had put to sleep. */
export function onTabReplaced(listener: (tab: number, former: number) => void): void {
  browser.tabs.onReplaced?.addListener(listener);
}

/** Whether a tab is where a rule of ours leads a sealed request: at an address that loads nothing. */
export function isStranded(tab: number): Promise<boolean> {
  return browser.tabs.get(tab).then(
    ({ url }) => url !== undefined && isNowhere(url),
    () => false,
  );
}

/** Whether a tab is still there. */
export function isTabOpen(tab: number): Promise<boolean> {
  return browser.tabs.get(tab).then(
    () => true,
    () => false,
  );
}

/** Whether a tab shows one of these hosts; the browser tells it of hosts that it allows us. */
export function isTabAt(tab: number, hosts: readonly string[]): Promise<boolean> {
  return browser.tabs.get(tab).then(
    ({ url = '' }) => URL.canParse(url) && hosts.includes(new URL(url).hostname),
    () => false,
  );
}

/** Brings a tab to the front; false where it is gone. */
export async function showTab(tab: number): Promise<boolean> {
  return browser.tabs.update(tab, { active: true }).then(
    () => true,
    () => false,
  );
}

/** Our popup in a window of its own, over the page that is open; in a tab where the browser has no windows, as on a phone. */
export async function openPopupWindow(): Promise<void> {
  const url = browser.runtime.getURL('/popup.html');
  const { windows } = browser as Partial<typeof browser>;
  if (windows) await windows.create({ url, type: 'popup', width: 420, height: 640 });
  else await browser.tabs.create({ url, active: true });
}
