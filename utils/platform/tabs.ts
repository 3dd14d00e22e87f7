import { browser } from './browser.ts';

/**
 * Opens a new tab and says its id before it navigates, so that whatever must be known of the tab can be stored first:
 * a silent login redirects back in under a second.
 */
export async function openTab(url: string, beforeNavigation: (tab: number) => Promise<void>): Promise<void> {
  const { id } = await browser.tabs.create({ url: 'about:blank', active: true });
  if (id === undefined) throw new Error('the browser gave the new tab no id');
  await beforeNavigation(id);
  await browser.tabs.update(id, { url });
}

/** Shows the page that stands in for a sealed redirect, where the browser itself could not. */
export async function showCapturedPage(tab: number): Promise<void> {
  await browser.tabs.update(tab, { url: browser.runtime.getURL('/captured.html') });
}

export async function openOptions(): Promise<void> {
  await browser.runtime.openOptionsPage();
}
