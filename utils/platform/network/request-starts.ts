import type { Start } from '../../domain/capture/provenance.ts';
import { SECOND } from '../../shared/time.ts';
import { remember } from './remember.ts';
import { isNowhere } from './seal-rules.ts';

/** Only a request that never had headers takes so long. */
const HANGS_MS = 10 * SECOND;
/** A request's end may overtake its headers on the way to a background that they wake; they follow it as soon as that. */
const DISORDER_MS = SECOND;

/** One hop of a request: a redirect keeps the browser's name of the request and changes its address. */
export interface Hop {
  requestId: string;
  url: string;
}

/** What the headers of requests told of their beginning, by hop; the request itself is seen before them. */
export interface RequestStarts {
  hear(hop: Hop, start: Start): void;
  /** The same hop, once its headers were seen; null where they do not come. */
  of(hop: Hop): Promise<Start | null>;
  /** The request is over. */
  end(requestId: string): void;
}

interface Waiting {
  hop: Hop;
  resolve(start: Start | null): void;
}

export function requestStarts(): RequestStarts {
  const heard = new Map<string, { hop: Hop; start: Start }>();
  const ended = new Map<string, true>();
  const waiting = new Set<Waiting>();
  return {
    hear(hop, start) {
      remember(heard, hop.requestId, { hop, start });
      for (const one of waiting) if (isSameHop(hop, one.hop)) one.resolve(start);
    },
    of(hop) {
      const known = heard.get(hop.requestId);
      if (known && isSameHop(known.hop, hop)) return Promise.resolve(known.start);
      return new Promise<Start | null>((settle) => {
        const one: Waiting = {
          hop,
          resolve(start) {
            waiting.delete(one);
            settle(start);
          },
        };
        waiting.add(one);
        setTimeout(() => one.resolve(null), ended.has(hop.requestId) ? DISORDER_MS : HANGS_MS);
      });
    },
    end(requestId) {
      remember(ended, requestId, true);
      for (const { hop, resolve } of waiting)
        if (hop.requestId === requestId) setTimeout(() => resolve(null), DISORDER_MS);
    },
  };
}

/** A sealed request has its headers at the address that its rule led it to; one that the browser led to https is the same. */
function isSameHop(headers: Hop, request: Hop): boolean {
  if (headers.requestId !== request.requestId) return false;
  return isNowhere(headers.url) || bareOf(headers.url) === bareOf(request.url);
}

/** An address without what a browser may change on its own. */
export function bareOf(url: string): string {
  return url.replace(/^https?:|#.*/gs, '');
}
