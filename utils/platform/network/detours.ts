import { bareOf, type Hop } from './request-starts.ts';
import { isNowhere } from './seal-rules.ts';

/**
 * Requests that something other than a broker led on, on their way: another extension's rule, or a server. The page that
 * such a request began on says nothing of the address that it has since. Within one origin no header shows it
 * (2026-11, Chromium 156: a token that another extension's rule put into the redirect URL counted as the broker's).
 */
export interface Detours {
  /** Hears the addresses of a request in their order, each as often as it is told. */
  pass(hop: Hop): void;
  /** Whether something led the request on to where it is now. */
  isLedOn(requestId: string): boolean;
  end(requestId: string): void;
}

export function detours(isBrokers: (url: string) => boolean): Detours {
  const addresses = new Map<string, string>();
  const ledOn = new Set<string>();
  return {
    pass({ requestId, url }) {
      const before = addresses.get(requestId);
      addresses.set(requestId, url);
      // Our own rule seals, and a browser leads to https: neither changes what was sent.
      const isSame = before === undefined || isNowhere(url) || bareOf(before) === bareOf(url);
      if (!isSame && !isBrokers(before)) ledOn.add(requestId);
    },
    isLedOn: (requestId) => ledOn.has(requestId),
    end(requestId) {
      addresses.delete(requestId);
      ledOn.delete(requestId);
    },
  };
}
