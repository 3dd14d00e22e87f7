import { browser } from './browser.ts';

/** The host patterns granted at this moment; anyone can take one back at any time. */
export async function grantedHosts(): Promise<Set<string>> {
  const { origins = [] } = await browser.permissions.getAll();
  return new Set(origins);
}

/** Asks for hosts; only from a click in our own page. True when all were granted. */
export function askForHosts(patterns: string[]): Promise<boolean> {
  return browser.permissions.request({ origins: patterns });
}

export function revokeHost(pattern: string): Promise<boolean> {
  return browser.permissions.remove({ origins: [pattern] });
}

export function onPermissionsChanged(listener: () => void): void {
  browser.permissions.onAdded.addListener(listener);
  browser.permissions.onRemoved.addListener(listener);
}
