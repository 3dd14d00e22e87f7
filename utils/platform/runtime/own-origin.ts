import { browser } from '../browser.ts';

/** The origin of our own pages, as the browser writes it where one of them began a request. */
export function ownOrigin(): string {
  return browser.runtime.getURL('').replace(/\/$/, '');
}
