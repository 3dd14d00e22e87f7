import { UNSEEN, type Way } from '../../domain/capture/provenance.ts';
import type { Deciding, NavigationHandlers } from './deciding.ts';
import type { Detours } from './detours.ts';
import { type NavigationSeen, seenHeaders, seenRequest, startOf } from './navigation.ts';
import { type Hop, requestStarts } from './request-starts.ts';
import { noteRequest } from './requested.ts';
import { isNowhere } from './seal-rules.ts';

/** Chromium: the listeners only look on, and declarative rules do the sealing. */
export function lookingOn({ redirect, sealed }: NavigationHandlers, ways: Detours): Deciding {
  const starts = requestStarts();
  const judging = new Set<string>();
  const wayOf = (hop: Hop): Way => ({ start: starts.of(hop), isLedOn: () => ways.isLedOn(hop.requestId) });
  const lookOn = async (seen: NavigationSeen | null, hop: Hop) => {
    if (!seen) return;
    const { seal } = await redirect(seen, seen.isHeader ? UNSEEN : wayOf(hop));
    // A header's rule leads to our page by itself, a request's to nowhere.
    if (seal && !seen.isHeader) sealed(seen.tab);
  };
  return {
    onRequest(details) {
      noteRequest(details.tabId, details.url);
      const seen = seenRequest(details, ways);
      // Sent nowhere by a rule. One that was seen before is being judged; else a background died that had seen it.
      if (seen && isNowhere(seen.url)) {
        if (!judging.has(details.requestId)) sealed(seen.tab);
        return;
      }
      judging.add(details.requestId);
      void lookOn(seen, details);
    },
    onStart(details) {
      starts.hear(details, startOf(details));
      return undefined;
    },
    onHeaders(details) {
      void lookOn(seenHeaders(details), details);
      return undefined;
    },
    onEnd(requestId) {
      starts.end(requestId);
      judging.delete(requestId);
    },
  };
}
