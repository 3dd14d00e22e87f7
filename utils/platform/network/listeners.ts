import type { Start } from '../../domain/capture/provenance.ts';
import { browser, type WebRequest } from '../browser.ts';
import { onPermissionsChanged } from '../runtime/permissions.ts';
import {
  type AnswerSeen,
  type BrokerPageSeen,
  documentsOf,
  type NavigationSeen,
  seenAnswer,
  seenBrokerPage,
  seenFailure,
  seenHeaders,
  seenRedirect,
  seenRedirectTo,
  seenRequest,
  startOf,
} from './navigation.ts';
import { requestBegins } from './request-begins.ts';
import { type Hop, requestStarts } from './request-starts.ts';
import { noteRequest, onPageBefore } from './requested.ts';
import { isNowhere } from './seal-rules.ts';

export interface NavigationHandlers {
  /** Hears every possible redirect and says whether it is to be sealed; `start` tells how its request began. */
  redirect(seen: NavigationSeen, start: Promise<Start | null>): Promise<{ seal: boolean }>;
  brokerPage(seen: BrokerPageSeen): void;
  /** A request was kept off the network in a tab, so that our page has to stand there. */
  sealed(tab: number): void;
  /** Hears how every top-level request ended. */
  answer(seen: AnswerSeen): void;
}

type Requested = WebRequest.OnBeforeRequestDetailsType;
type Sent = WebRequest.OnSendHeadersDetailsType;
type Headed = WebRequest.OnHeadersReceivedDetailsType;
type Blocking = WebRequest.BlockingResponse;

interface Deciding {
  onRequest(details: Requested): void;
  /** The request's headers, before they are sent. */
  onStart(details: Sent): Promise<Blocking> | undefined;
  onHeaders(details: Headed): Promise<Blocking> | undefined;
  onEnd(requestId: string): void;
}

/**
 * Registers all request listeners; has to run in the background's first turn, or the event that woke it is missed.
 * In Chromium they only look on, and declarative rules do the sealing; in Firefox, which has blocking events but no
 * rules on headers, the listener seals once the capture is written.
 */
export function listenToNavigations(brokerUrls: string[], handlers: NavigationHandlers): void {
  const decide = import.meta.env.FIREFOX ? sealing(handlers) : lookingOn(handlers);
  // What this background saw begin: it judges that, and an end of anything else may be all that is left of a redirect.
  const begins = requestBegins();
  const headed = new Set<string>();
  const tellAnswer = (seen: Omit<AnswerSeen, 'missed'> | null, hop: Hop) => {
    if (seen) begins.whenBegun(hop, (missed) => handlers.answer({ ...seen, missed }));
  };
  const onRequest = (details: Requested) => {
    decide.onRequest(details);
    // An answer that overtook it finds the redirect taken.
    begins.begin(details);
  };
  const onHeaders = (details: Headed) => {
    headed.add(details.requestId);
    return decide.onHeaders(details);
  };
  const brokerHosts = new Set(brokerUrls.map((url) => new URL(url).hostname));
  const fromBroker = new Set<string>();
  const onBrokerPage = (details: Sent) => {
    // A redirect of the broker to itself is no new beginning.
    const seen = fromBroker.has(details.requestId) ? null : seenBrokerPage(details);
    fromBroker.add(details.requestId);
    if (seen) handlers.brokerPage(seen);
  };
  const end = (requestId: string) => {
    for (const ids of [headed, fromBroker]) ids.delete(requestId);
    begins.end(requestId);
    decide.onEnd(requestId);
  };
  const onCompleted = (details: WebRequest.OnCompletedDetailsType) => {
    tellAnswer(seenAnswer(details), details);
    end(details.requestId);
  };
  const onRedirect = (details: WebRequest.OnBeforeRedirectDetailsType) => {
    tellAnswer(seenRedirect(details), details);
    const isBrokers = brokerHosts.has(new URL(details.url).hostname);
    const seen = isBrokers && !headed.has(details.requestId) ? seenRedirectTo(details) : null;
    if (seen) void handlers.redirect(seen, Promise.resolve(null));
  };
  const onError = (details: WebRequest.OnErrorOccurredDetailsType) => {
    tellAnswer(seenFailure(details), details);
    end(details.requestId);
  };
  const { onStart } = decide;
  const everywhere = documentsOf(['<all_urls>']);
  const listen = () => {
    const { webRequest } = browser;
    webRequest.onHeadersReceived.removeListener(onHeaders);
    webRequest.onBeforeRequest.removeListener(onRequest);
    webRequest.onBeforeSendHeaders.removeListener(onStart);
    webRequest.onSendHeaders.removeListener(onBrokerPage);
    webRequest.onCompleted.removeListener(onCompleted);
    webRequest.onBeforeRedirect.removeListener(onRedirect);
    webRequest.onErrorOccurred.removeListener(onError);
    webRequest.onHeadersReceived.addListener(onHeaders, documentsOf(brokerUrls), ['responseHeaders', ...BLOCKING]);
    webRequest.onBeforeRequest.addListener(onRequest, everywhere, ['requestBody']);
    webRequest.onBeforeSendHeaders.addListener(onStart, everywhere, [...START_HEADERS, ...BLOCKING]);
    webRequest.onSendHeaders.addListener(onBrokerPage, documentsOf(brokerUrls), SENT_HEADERS);
    webRequest.onCompleted.addListener(onCompleted, everywhere);
    webRequest.onBeforeRedirect.addListener(onRedirect, everywhere);
    webRequest.onErrorOccurred.addListener(onError, everywhere);
  };
  listen();
  // 2026-11, Chromium 156: a listener that was registered while no host was granted stays deaf after the first grant.
  onPermissionsChanged(listen);
}

const BLOCKING = import.meta.env.FIREFOX ? (['blocking'] as const) : [];
// Chromium hides Sec-Fetch-Site behind the second word; Firefox does not know it.
const HEADERS = import.meta.env.FIREFOX ? ['requestHeaders'] : ['requestHeaders', 'extraHeaders'];
const SENT_HEADERS = HEADERS as WebRequest.OnSendHeadersOptions[];
const START_HEADERS = HEADERS as WebRequest.OnBeforeSendHeadersOptions[];

function lookingOn({ redirect, sealed }: NavigationHandlers): Deciding {
  const starts = requestStarts();
  const judging = new Set<string>();
  const lookOn = async (seen: NavigationSeen | null, hop: Hop) => {
    if (!seen) return;
    const { seal } = await redirect(seen, seen.isHeader ? Promise.resolve(null) : starts.of(hop));
    // A header's rule leads to our page by itself, a request's to nowhere.
    if (seal && !seen.isHeader) sealed(seen.tab);
  };
  return {
    onRequest(details) {
      noteRequest(details.tabId, details.url);
      const seen = seenRequest(details);
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

function sealing({ redirect, sealed }: NavigationHandlers): Deciding {
  // What was posted is shown before the headers, and only then.
  const requests = new Map<string, NavigationSeen>();
  // 2026-11, Firefox 153: an origin with a service worker is asked without headers, and its page loads.
  const judgeWithout = async (requestId: string) => {
    const seen = requests.get(requestId);
    requests.delete(requestId);
    if (!seen) return;
    const { seal } = await redirect(seen, Promise.resolve(null));
    if (seal) sealed(seen.tab);
  };
  return {
    onRequest(details) {
      const seen = seenRequest(details);
      if (!seen) return;
      requests.set(details.requestId, seen);
      onPageBefore(seen.tab, () => judgeWithout(details.requestId));
    },
    async onStart(details) {
      noteRequest(details.tabId, details.url);
      const seen = requests.get(details.requestId);
      requests.delete(details.requestId);
      if (!seen) return {};
      const { seal } = await redirect(seen, Promise.resolve(startOf(details)));
      // 2026-11, Firefox 153: at this point a request can be ended, and led nowhere else.
      if (seal) sealed(seen.tab);
      return { cancel: seal };
    },
    async onHeaders(details) {
      const seen = seenHeaders(details);
      const { seal } = seen ? await redirect(seen, Promise.resolve(null)) : { seal: false };
      return seal ? { redirectUrl: browser.runtime.getURL('/captured.html') } : {};
    },
    onEnd: (requestId) => void judgeWithout(requestId),
  };
}
