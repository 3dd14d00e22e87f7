import { brokers } from '../../shared/brokers/index.ts';
import type { Account } from '../accounts/settings.ts';

/**
 * What keeps a redirect off the network: a redirect header of `hosts` that matches one of `globs`,
 * or a request to `url` that a page of `hosts` started.
 */
export type SealRule =
  | { kind: 'header'; hosts: readonly string[]; globs: string[] }
  | { kind: 'request'; hosts: readonly string[]; place: string; regex: string };

/** The rules for these accounts; paused ones and those whose page should load have none. */
export function sealRules(accounts: readonly Account[]): SealRule[] {
  return accounts.filter(({ paused, mode }) => !paused && mode === 'seal').flatMap(rulesOf);
}

/** Whether a header rule takes this address too: Chromium compares headers without regard to case, paths differ by it. */
export function overreaches(accounts: readonly Account[], text: string): boolean {
  const url = new URL(text);
  const place = url.origin + url.pathname;
  return accounts.some(({ paused, mode, redirectUrl }) => {
    const registered = new URL(redirectUrl);
    const sealed = registered.origin + registered.pathname;
    return !paused && mode === 'seal' && sealed !== place && sealed.toLowerCase() === place.toLowerCase();
  });
}

function rulesOf({ broker, redirectUrl }: Account): SealRule[] {
  const { hosts, token, mayAddSlash } = brokers[broker];
  const url = new URL(redirectUrl);
  const place = url.origin + url.pathname;
  const isOpen = mayAddSlash && !url.pathname.endsWith('/');
  const slash = isOpen ? ['', '/'] : [''];
  const places = spellings(url, redirectUrl).flatMap((one) => slash.map((end) => one + end));
  const globs = [...new Set(places)].map((one) => `${escapeGlob(`${one}?`)}${token.glob}`);
  const header: SealRule = { kind: 'header', hosts, globs };
  // A person who opens the same address is not caught: only a request that the broker's page started is.
  const request: SealRule = {
    kind: 'request',
    hosts,
    place,
    regex: `^${escapeRegex(place)}${isOpen ? '/?' : ''}(\\?.*)?$`,
  };
  return hosts.includes(url.hostname) ? [header] : [header, request];
}

/**
 * A place as a broker may write it in a redirect header: as the browser does, as the person registered it, with the port
 * that goes without saying, and without the path that does.
 */
function spellings(url: URL, registered: string): string[] {
  const withPort = url.port === '' ? `${url.protocol}//${url.hostname}:${DEFAULT_PORT[url.protocol]}` : url.origin;
  const origins = [url.origin, withPort];
  const places = origins.flatMap((origin) => [origin + url.pathname, ...(url.pathname === '/' ? [origin] : [])]);
  return [...new Set([...places, registered.replace(/[?#].*$/, '')])];
}

const DEFAULT_PORT: Record<string, number> = { 'http:': 80, 'https:': 443 };

// Unescaped, `?` is one character or none: then http://127.0.0.1 would take every port and path of this machine.
function escapeGlob(text: string): string {
  return text.replaceAll(/[\\*?]/g, '\\$&');
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
