import { brokers } from '../../shared/brokers/index.ts';
import type { Account } from '../accounts/settings.ts';

/**
 * What keeps a redirect off the network: a redirect header of `hosts` that matches one of `globs`,
 * or a request to `url` that a page of `hosts` started.
 */
export type SealRule =
  | { kind: 'header'; hosts: readonly string[]; globs: string[] }
  | { kind: 'request'; hosts: readonly string[]; regex: string };

/** The rules for these accounts; paused ones and those whose page should load have none. */
export function sealRules(accounts: readonly Account[]): SealRule[] {
  return accounts.filter(({ paused, mode }) => !paused && mode === 'seal').flatMap(rulesOf);
}

function rulesOf({ broker, redirectUrl }: Account): SealRule[] {
  const { hosts, token, arrives, mayAddSlash } = brokers[broker];
  const url = new URL(redirectUrl);
  const place = url.origin + url.pathname;
  // As the browser writes it, and as the person registered it (a port that goes without saying, no path): a broker may
  // send either.
  const places = [
    ...new Set([
      place,
      redirectUrl.replace(/[?#].*$/, ''),
      ...(url.pathname === '/' ? [url.origin] : []),
      ...(mayAddSlash ? [`${place}/`] : []),
    ]),
  ];
  const header: SealRule = { kind: 'header', hosts, globs: places.map((one) => `${one}?${token.glob}`) };
  // A person who opens the same address is not caught: only a request that the broker's page started is.
  const request: SealRule = {
    kind: 'request',
    hosts,
    regex: `^${escapeRegex(place)}${mayAddSlash ? '/?' : ''}(\\?.*)?$`,
  };
  return arrives === 'header-or-page' ? [header, request] : [header];
}

function escapeRegex(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
