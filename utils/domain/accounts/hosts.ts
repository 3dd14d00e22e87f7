import { brokers } from '../../shared/brokers/index.ts';
import { hostPattern } from '../../shared/urls.ts';
import { say } from '../base/words.ts';
import { COOKIES, DATA_CONSENT, NO_CONSENT_ASKED } from './permission-names.ts';
import type { Account, Destination, PlainDestination } from './settings.ts';

/** An address the browser must allow, with the reason a person reads before saying yes. */
export interface HostNeed {
  pattern: string;
  reason: string;
  granted: boolean;
}

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
  for (const host of broker.hosts) needs.set(`https://${host}/*`, say('host_broker', broker.name));
  if (needsRedirectHost(account)) {
    addReason(needs, hostPattern(account.redirectUrl), say(`host_redirect_${account.mode}`, broker.name));
  }
  if (destination) addReason(needs, hostPattern(destination.url), say('host_destination'));
  if (destination && needsCookies(destination)) needs.set(COOKIES, say('host_cookies'));
  if (destination && !granted.has(NO_CONSENT_ASKED)) needs.set(DATA_CONSENT, say('host_consent'));
  return [...needs].map(([pattern, reason]) => ({ pattern, reason, granted: isGranted(granted, pattern) }));
}

/** Whether a call to a destination needs the permission to read cookies. */
export function needsCookies(destination: Pick<Destination, 'kind'> & { login?: PlainDestination['login'] }): boolean {
  return destination.kind === 'plain' && destination.login === 'cookie';
}

/** A redirect that comes as a header is read at the broker; only a posted form, or a page that should confirm, needs the target. */
function needsRedirectHost(account: Account): boolean {
  return account.mode !== 'seal' || brokers[account.broker].arrives === 'header-or-page';
}

function addReason(needs: Map<string, string>, pattern: string, reason: string): void {
  const known = needs.get(pattern);
  needs.set(pattern, known === undefined ? reason : say('host_both', known, reason));
}

/** Whether a host pattern is granted, by itself or because the person allowed all sites. */
export function isGranted(granted: ReadonlySet<string>, pattern: string): boolean {
  if (pattern === DATA_CONSENT || pattern === COOKIES) return granted.has(pattern);
  const [scheme] = pattern.split(':');
  return [pattern, `${scheme}://*/*`, '*://*/*', '<all_urls>'].some((one) => granted.has(one));
}
