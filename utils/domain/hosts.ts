import { brokers } from './brokers/index.ts';
import type { Account, Destination, PlainDestination } from './settings.ts';
import { hostPattern } from './urls.ts';

/** An address the browser must allow, with the reason a person reads before saying yes. */
export interface HostNeed {
  pattern: string;
  reason: string;
  granted: boolean;
}

/**
 * Firefox asks the person whether an extension may hand their data on, and lists the answer with the permissions
 * (2026-11, from 140 on). It stands here among the hosts, under a name that no host can have.
 */
export const DATA_CONSENT = 'data:authenticationInfo';
/** Granted in a browser that knows no such question. */
export const NO_CONSENT_ASKED = 'data:not-asked';

/** The optional permission to read cookies stands here too: it is asked for and taken back together with the hosts. */
export const COOKIES = 'permission:cookies';
/** And the one to show notifications. */
export const NOTIFICATIONS = 'permission:notifications';

/** Whether a token may leave the browser at all (STR-02). */
export function mayHandOn(granted: ReadonlySet<string>): boolean {
  return granted.has(DATA_CONSENT) || granted.has(NO_CONSENT_ASKED);
}

/** Every host an account needs, each once, with why (design: hosts are asked for at the moment of need). */
export function hostsNeeded(
  account: Account,
  destination: Destination | null,
  granted: ReadonlySet<string>,
): HostNeed[] {
  const broker = brokers[account.broker];
  const needs = new Map<string, string>();
  for (const host of broker.hosts) needs.set(`https://${host}/*`, `to see ${broker.name} send the login back`);
  if (needsRedirectHost(account)) {
    addReason(needs, hostPattern(account.redirectUrl), redirectReason(account.mode, broker.name));
  }
  if (destination) addReason(needs, hostPattern(destination.url), 'to hand the token to your backend');
  if (destination && needsCookies(destination))
    needs.set(COOKIES, 'to read the CSRF cookie of your login at your backend');
  if (destination && !granted.has(NO_CONSENT_ASKED))
    needs.set(DATA_CONSENT, 'your consent that the login’s token goes to your backend, and nowhere else');
  return [...needs].map(([pattern, reason]) => ({ pattern, reason, granted: isGranted(granted, pattern) }));
}

/** Whether a call to a destination needs the permission to read cookies. */
export function needsCookies(destination: Pick<Destination, 'kind'> & { login?: PlainDestination['login'] }): boolean {
  return destination.kind === 'plain' && destination.login === 'cookie';
}

function redirectReason(mode: Account['mode'], broker: string): string {
  if (mode === 'forward') return 'to confirm the login on your redirect page';
  if (mode === 'observe') return 'to see whether your backend’s callback answers';
  return `to read the form that ${broker} posts to your redirect URL`;
}

/** A redirect that comes as a header is read at the broker; only a posted form, or a page that should confirm, needs the target. */
function needsRedirectHost(account: Account): boolean {
  return account.mode !== 'seal' || brokers[account.broker].arrives === 'header-or-page';
}

function addReason(needs: Map<string, string>, pattern: string, reason: string): void {
  const known = needs.get(pattern);
  needs.set(pattern, known === undefined ? reason : `${known}, and ${reason}`);
}

/** Whether a host pattern is granted, by itself or because the person allowed all sites. */
export function isGranted(granted: ReadonlySet<string>, pattern: string): boolean {
  if (pattern === DATA_CONSENT || pattern === COOKIES) return granted.has(pattern);
  const [scheme] = pattern.split(':');
  return [pattern, `${scheme}://*/*`, '*://*/*', '<all_urls>'].some((one) => granted.has(one));
}
