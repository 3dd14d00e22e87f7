import { browser } from '../browser.ts';

/** A cookie's value as a page at this address would have it, or null; also one that scripts of the page cannot read. */
export async function readCookie(url: string, name: string): Promise<string | null> {
  return (await browser.cookies.get({ url, name }))?.value ?? null;
}
