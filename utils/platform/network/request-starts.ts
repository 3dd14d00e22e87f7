import type { Start } from '../../domain/capture/provenance.ts';
import { SECOND } from '../../shared/time.ts';

/** Only a request that never had headers takes so long. */
const HANGS_MS = 10 * SECOND;
/** A request's end may overtake its headers on the way to a background that they wake; they follow it as soon as that. */
const DISORDER_MS = SECOND;
const MOST_HEARD = 200;

/** What the headers of requests told of their beginning, by request; the request itself is seen before them. */
export interface RequestStarts {
  hear(requestId: string, start: Start): void;
  /** The same request, once its headers were seen; null where they do not come. */
  of(requestId: string): Promise<Start | null>;
  /** The request is over. */
  end(requestId: string): void;
}

export function requestStarts(): RequestStarts {
  const heard = new Map<string, Start>();
  const waiting = new Map<string, (start: Start | null) => void>();
  return {
    hear(requestId, start) {
      // Kept beyond the request's end: the events of one request come in any order.
      heard.delete(requestId);
      heard.set(requestId, start);
      const [oldest] = heard.keys();
      if (heard.size > MOST_HEARD && oldest !== undefined) heard.delete(oldest);
      waiting.get(requestId)?.(start);
    },
    of(requestId) {
      const known = heard.get(requestId);
      if (known) return Promise.resolve(known);
      return new Promise<Start | null>((resolve) => {
        waiting.set(requestId, resolve);
        setTimeout(() => resolve(null), HANGS_MS);
      }).finally(() => waiting.delete(requestId));
    },
    end(requestId) {
      const resolve = waiting.get(requestId);
      if (resolve) setTimeout(() => resolve(null), DISORDER_MS);
    },
  };
}
