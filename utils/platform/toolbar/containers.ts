import { browser } from '../browser.ts';

const CONTAINER = 'firefox-container-';

interface Front {
  tab: number;
  /** Firefox's own name of the container that the tab is in. */
  container: string;
}

/**
 * The tab in front where it is in a container, else null; our own pages are no place that a person chose. Every extension
 * is told of the container (2020-09, https://bugzilla.mozilla.org/show_bug.cgi?id=1662329). The name that the person gave it
 * is told to none that may not also make and remove containers.
 */
export async function containerInFront(): Promise<Front | null> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  const { id, url = '', cookieStoreId: container } = tab ?? {};
  if (id === undefined || !container?.startsWith(CONTAINER)) return null;
  return url.startsWith(browser.runtime.getURL('')) ? null : { tab: id, container };
}
