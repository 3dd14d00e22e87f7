import { DATA_CONSENT, NO_CONSENT_ASKED } from '../domain/hosts.ts';
import { browser } from './browser.ts';

const COLLECTED = 'authenticationInfo' as const;

/** The host patterns granted at this moment, and the consent to hand data on; anyone can take one back at any time. */
export async function grantedHosts(): Promise<Set<string>> {
  const { origins = [], data_collection: consents = [] } = await browser.permissions.getAll();
  if (!import.meta.env.FIREFOX) return new Set([...origins, NO_CONSENT_ASKED]);
  return new Set(consents.includes(COLLECTED) ? [...origins, DATA_CONSENT] : origins);
}

/** Asks for hosts, and for the consent where it is among them; only from a click in our own page. True when all were granted. */
export function askForHosts(patterns: string[]): Promise<boolean> {
  return browser.permissions.request(permissionsOf(patterns));
}

export function revokeHost(pattern: string): Promise<boolean> {
  return browser.permissions.remove(permissionsOf([pattern]));
}

export function onPermissionsChanged(listener: () => void): void {
  browser.permissions.onAdded.addListener(listener);
  browser.permissions.onRemoved.addListener(listener);
}

function permissionsOf(patterns: readonly string[]) {
  const origins = patterns.filter((pattern) => pattern !== DATA_CONSENT);
  const asksConsent = import.meta.env.FIREFOX && origins.length < patterns.length;
  return { origins, ...(asksConsent ? { data_collection: [COLLECTED] } : {}) };
}
