import { browser } from './browser.ts';

/** Opens an address in a new tab in front and gives the tab's id. */
export async function openTab(url: string): Promise<number> {
  const { id } = await browser.tabs.create({ url, active: true });
  if (id === undefined) throw new Error('the browser gave the new tab no id');
  return id;
}

/** Opens our page with what was captured, or asked, in a new tab. */
export async function openCapturedPage(): Promise<void> {
  await browser.tabs.create({ url: capturedPage(), active: true });
}

/** Shows the page that stands in for a sealed redirect, where the browser itself could not. */
export async function showCapturedPage(tab: number): Promise<void> {
  await browser.tabs.update(tab, { url: capturedPage() });
}

// 2026-11, Chromium 156: the address that getURL gives for a page under a dynamic URL opens in no new tab.
function capturedPage(): string {
  return `${browser.runtime.getURL('')}captured.html`;
}

export async function openOptions(): Promise<void> {
  await browser.runtime.openOptionsPage();
}
