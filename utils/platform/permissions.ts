import { COOKIES, DATA_CONSENT, NO_CONSENT_ASKED } from '../domain/consents.ts';
import { browser } from './browser.ts';

const COLLECTED = 'authenticationInfo' as const;

/** The host patterns granted at this moment, and the consent to hand data on; anyone can take one back at any time. */
export async function grantedHosts(): Promise<Set<string>> {
  const { origins = [], permissions = [], data_collection: consents = [] } = await browser.permissions.getAll();
  const granted = permissions.includes('cookies') ? [...origins, COOKIES] : origins;
  if (!import.meta.env.FIREFOX) return new Set([...granted, NO_CONSENT_ASKED]);
  return new Set(consents.includes(COLLECTED) ? [...granted, DATA_CONSENT] : granted);
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
  return {
    origins: patterns.filter((pattern) => pattern !== DATA_CONSENT && pattern !== COOKIES),
    ...(patterns.includes(COOKIES) ? { permissions: ['cookies' as const] } : {}),
    ...(import.meta.env.FIREFOX && patterns.includes(DATA_CONSENT) ? { data_collection: [COLLECTED] } : {}),
  };
}
