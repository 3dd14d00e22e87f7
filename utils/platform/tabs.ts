import { browser } from './browser.ts';

/** Opens an address in a new tab in front and gives the tab's id. */
export async function openTab(url: string): Promise<number> {
  const { id } = await browser.tabs.create({ url, active: true });
  if (id === undefined) throw new Error('the browser gave the new tab no id');
  return id;
}

/** Shows the page that stands in for a sealed redirect, where the browser itself could not. */
export async function showCapturedPage(tab: number): Promise<void> {
  await browser.tabs.update(tab, { url: browser.runtime.getURL('/captured.html') });
}

export async function openOptions(): Promise<void> {
  await browser.runtime.openOptionsPage();
}

/** Brings a tab to the front; false where it is gone. */
export async function showTab(tab: number): Promise<boolean> {
  return browser.tabs.update(tab, { active: true }).then(
    () => true,
    () => false,
  );
}

/** Our popup in a window of its own, over the page that is open. */
export async function openPopupWindow(): Promise<void> {
  await browser.windows.create({ url: browser.runtime.getURL('/popup.html'), type: 'popup', width: 420, height: 640 });
}
