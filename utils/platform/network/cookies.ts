import { browser } from '../browser.ts';

/** A cookie's value as a page at this address would have it, or null; also one that scripts of the page cannot read. */
export async function readCookie(url: string, name: string): Promise<string | null> {
  const cookie = await browser.cookies.get({ url, name }).catch(() => readIsolated(url, name));
  return cookie?.value ?? null;
}

// 2026-11: under first-party isolation Firefox refuses a call that names no first party; null stands for any of them.
// https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/API/cookies#first-party_isolation
async function readIsolated(url: string, name: string) {
  const cookies = await browser.cookies.getAll({ url, name, firstPartyDomain: null });
  const own = cookies.filter(({ firstPartyDomain }) => new URL(url).hostname.endsWith(firstPartyDomain));
  return own[0] ?? cookies[0];
}
