import { type Start, UNSEEN, type Way } from '../../domain/capture/provenance.ts';
import { browser } from '../browser.ts';
import type { Deciding, NavigationHandlers } from './deciding.ts';
import type { Detours } from './detours.ts';
import { type NavigationSeen, seenHeaders, seenRequest, startOf } from './navigation.ts';
import { noteRequest, onPageBefore } from './requested.ts';

/** Firefox, which has blocking events but no rules on headers: the listener seals once the capture is written. */
export function sealing({ redirect, sealed }: NavigationHandlers, ways: Detours): Deciding {
  // What was posted is shown before the headers, and only then.
  const requests = new Map<string, { seen: NavigationSeen; judge(): Promise<void> }>();
  const wayOf = (requestId: string, start: Start | null): Way => ({
    start: Promise.resolve(start),
    isLedOn: () => ways.isLedOn(requestId),
  });
  // 2026-11, Firefox 153: an origin with a service worker is asked without headers, and its page loads.
  const judgeWithout = async (requestId: string, seen: NavigationSeen) => {
    if (!requests.delete(requestId)) return;
    const { seal } = await redirect(seen, wayOf(requestId, null));
    if (seal) sealed(seen.tab);
    noteRequest(seen.tab, seen.url);
  };
  return {
    onRequest(details) {
      const seen = seenRequest(details, ways);
      if (!seen) return;
      let judgement: Promise<void> | null = null;
      // The request's end and its page come in either order: the page waits for the judgement that the end began.
      const judge = () => (judgement ??= judgeWithout(details.requestId, seen));
      requests.set(details.requestId, { seen, judge });
      onPageBefore(seen.tab, seen.url, judge);
    },
    async onStart(details) {
      noteRequest(details.tabId, details.url);
      const request = requests.get(details.requestId);
      requests.delete(details.requestId);
      if (!request) return {};
      const { seen } = request;
      const { seal } = await redirect(seen, wayOf(details.requestId, startOf(details)));
      // 2026-11, Firefox 153: at this point a request can be ended, and led nowhere else.
      if (seal) sealed(seen.tab);
      return { cancel: seal };
    },
    async onHeaders(details) {
      const seen = seenHeaders(details);
      const { seal } = seen ? await redirect(seen, UNSEEN) : { seal: false };
      return seal ? { redirectUrl: browser.runtime.getURL('/captured.html') } : {};
    },
    onEnd: (requestId) => void requests.get(requestId)?.judge(),
  };
}
