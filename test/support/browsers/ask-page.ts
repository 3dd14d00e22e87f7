import { until } from '../until.ts';
import type { Browser, Tab } from './browser.ts';
import { shownTabs } from './shown-tabs.ts';

/** Our page with its question, wherever it opened. A row that ends before leaves it to the next one, as a tab too many. */
export async function askPage(browser: Browser): Promise<Tab> {
  const find = async () => (await shownTabs(browser)).find(({ url }) => url === browser.url('captured.html'))?.tab;
  const page = await until(find, (tab) => tab !== undefined);
  if (!page) throw new Error('our page did not open');
  await page.waitForSelector('[data-ask]');
  return page;
}

/** What the extension keeps in memory, once it has judged every redirect that it saw. */
export function entriesOnceJudged(browser: Browser): Promise<Record<string, unknown>> {
  return entriesWithout(browser, ['seen:']);
}

/** The same once every token that was captured has ended its way too. */
export function entriesOnceDelivered(browser: Browser): Promise<Record<string, unknown>> {
  return entriesWithout(browser, ['seen:', 'delivery:']);
}

function entriesWithout({ options }: Browser, kinds: readonly string[]): Promise<Record<string, unknown>> {
  return until(
    () => options.evaluate(() => chrome.storage.session.get(null)),
    (entries) => !Object.keys(entries).some((key) => kinds.some((kind) => key.startsWith(kind))),
  );
}
