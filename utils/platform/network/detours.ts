import { remember } from './remember.ts';
import { bareOf, type Hop } from './request-starts.ts';
import { isNowhere } from './seal-rules.ts';

/** One address of a request, and when the browser told of it. */
export interface Passed extends Hop {
  timeStamp: number;
}

/**
 * Requests that something other than a broker led on, on their way: another extension's rule, or a server. The page that
 * such a request began on says nothing of the address that it has since. Within one origin no header shows it
 * (2026-11, Chromium 156: a token that another extension's rule put into the redirect URL counted as the broker's).
 */
export interface Detours {
  /** Hears the addresses of a request in any order, each as often as it is told. */
  pass(passed: Passed): void;
  /** Whether something led the request on, as far as it was heard of. */
  isLedOn(requestId: string): boolean;
}

export function detours(isBrokers: (url: string) => boolean): Detours {
  const ways = new Map<string, Passed[]>();
  return {
    pass({ requestId, url, timeStamp }) {
      // Our own rule seals, and changes nothing that was sent.
      if (isNowhere(url)) return;
      const way = [...(ways.get(requestId) ?? []), { requestId, url, timeStamp }];
      // A background that the events wake hears them in another order than they had (2026-11, Chromium 156).
      way.sort((one, other) => one.timeStamp - other.timeStamp);
      remember(ways, requestId, way);
    },
    isLedOn(requestId) {
      const way = ways.get(requestId) ?? [];
      return way.some(({ url }, index) => {
        const next = way[index + 1];
        // A browser leads to https, and sends the same there.
        return next !== undefined && bareOf(url) !== bareOf(next.url) && !isBrokers(url);
      });
    },
  };
}
