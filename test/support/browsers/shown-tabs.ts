import type { Browser, Tab } from './browser.ts';

/** Every tab with its address. One that closes meanwhile has none any more. */
export async function shownTabs({ tabs }: Pick<Browser, 'tabs'>): Promise<{ tab: Tab; url: string }[]> {
  const shown: { tab: Tab; url: string }[] = [];
  for (const tab of await tabs()) {
    const url = await Promise.resolve(tab.url()).catch(() => null);
    if (url !== null) shown.push({ tab, url });
  }
  return shown;
}

/** Closes what a row has left open: pages of the web, and ours of a captured login. */
export async function closePages(browser: Pick<Browser, 'tabs'>): Promise<void> {
  for (const { tab, url } of await shownTabs(browser)) if (/^https?:|captured/.test(url)) await tab.close();
}
