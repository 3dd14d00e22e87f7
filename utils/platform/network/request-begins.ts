import { SECOND } from '../../shared/time.ts';
import type { Hop } from './request-starts.ts';

/**
 * Events reach a background that they wake in any order (2026-11, Chromium 156: a callback's answer came before its
 * request). A beginning that is still on its way follows as soon as that.
 */
const DISORDER_MS = SECOND;

/** Which requests this background saw begin. */
export interface RequestBegins {
  begin(hop: Hop): void;
  /** Calls back at once where the beginning was seen, else when it comes, or with `missed` where none does. */
  whenBegun(hop: Hop, tell: (missed: boolean) => void): void;
  /** The request is over. */
  end(requestId: string): void;
}

export function requestBegins(): RequestBegins {
  const begun = new Set<string>();
  const waiting = new Map<string, () => void>();
  return {
    begin(hop) {
      const overtaken = waiting.get(keyOf(hop));
      if (overtaken) overtaken();
      else begun.add(hop.requestId);
    },
    whenBegun(hop, tell) {
      if (begun.has(hop.requestId)) return tell(false);
      const key = keyOf(hop);
      const settle = (missed: boolean) => {
        clearTimeout(timer);
        waiting.delete(key);
        tell(missed);
      };
      const timer = setTimeout(() => settle(true), DISORDER_MS);
      waiting.set(key, () => settle(false));
    },
    end: (requestId) => void begun.delete(requestId),
  };
}

// A redirect keeps the browser's name of the request, so the next hop's beginning is not this one's.
const keyOf = ({ requestId, url }: Hop) => `${requestId} ${url}`;
