import type { Start } from '../../domain/capture/provenance.ts';

// Headers follow their request within milliseconds; a request that ended before it had any never tells.
const PATIENCE_MS = 500;

/** What the headers of requests told of their beginning, by request; the request itself is seen before them. */
export interface RequestStarts {
  hear(requestId: string, start: Start): void;
  /** The same request, once its headers were seen; null where they do not come. */
  of(requestId: string): Promise<Start | null>;
  /** The request is over. */
  forget(requestId: string): void;
}

export function requestStarts(): RequestStarts {
  const heard = new Map<string, Start>();
  const waiting = new Map<string, (start: Start | null) => void>();
  return {
    hear(requestId, start) {
      heard.set(requestId, start);
      waiting.get(requestId)?.(start);
    },
    of(requestId) {
      const known = heard.get(requestId);
      if (known) return Promise.resolve(known);
      return new Promise<Start | null>((resolve) => {
        waiting.set(requestId, resolve);
        setTimeout(() => resolve(null), PATIENCE_MS);
      }).finally(() => waiting.delete(requestId));
    },
    forget(requestId) {
      heard.delete(requestId);
      waiting.get(requestId)?.(null);
    },
  };
}
