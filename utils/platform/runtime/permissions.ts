import {
  COOKIES,
  DATA_CONSENT,
  HAS_CONTAINERS,
  NO_CONSENT_ASKED,
  NOTIFICATIONS,
} from '../../domain/accounts/permission-names.ts';
import { browser } from '../browser.ts';

const COLLECTED = 'authenticationInfo' as const;

/** The host patterns granted at this moment, and the consent to hand data on; anyone can take one back at any time. */
export async function grantedHosts(): Promise<Set<string>> {
  const { origins = [], permissions = [], data_collection: consents = [] } = await browser.permissions.getAll();
  const granted = permissions.includes('cookies') ? [...origins, COOKIES] : origins;
  if (!import.meta.env.FIREFOX) return new Set([...granted, NO_CONSENT_ASKED]);
  // On a phone Firefox has neither windows nor a way to open a container.
  const { windows } = browser as Partial<typeof browser>;
  const consent = consents.includes(COLLECTED) ? [DATA_CONSENT] : [];
  return new Set([...granted, ...consent, ...(windows ? [HAS_CONTAINERS] : [])]);
}

/** Asks for hosts, and for the consent where it is among them; only from a click in our own page. True when all were granted. */
export function askForHosts(patterns: string[]): Promise<boolean> {
  return browser.permissions.request(permissionsOf(patterns));
}

export function revokeHost(pattern: string): Promise<boolean> {
  return browser.permissions.remove(permissionsOf([pattern]));
}

/** Takes everything back that a person ever allowed; what the browser will not give back is left. */
export async function revokeAll(): Promise<void> {
  const { origins = [], permissions = [] } = await browser.permissions.getAll();
  const named = [...(permissions.includes('cookies') ? [COOKIES] : []), NOTIFICATIONS];
  for (const pattern of [...origins, ...named, ...(import.meta.env.FIREFOX ? [DATA_CONSENT] : [])])
    await revokeHost(pattern).catch(() => false);
}

export function onPermissionsChanged(listener: () => void): void {
  browser.permissions.onAdded.addListener(listener);
  browser.permissions.onRemoved.addListener(listener);
}

function permissionsOf(patterns: readonly string[]) {
  const named = [
    ...(patterns.includes(COOKIES) ? ['cookies' as const] : []),
    ...(patterns.includes(NOTIFICATIONS) ? ['notifications' as const] : []),
  ];
  return {
    origins: patterns.filter((pattern) => ![DATA_CONSENT, COOKIES, NOTIFICATIONS].includes(pattern)),
    ...(named.length > 0 ? { permissions: named } : {}),
    ...(import.meta.env.FIREFOX && patterns.includes(DATA_CONSENT) ? { data_collection: [COLLECTED] } : {}),
  };
}
