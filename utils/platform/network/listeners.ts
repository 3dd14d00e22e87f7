import { browser, type WebRequest } from '../browser.ts';
import { onPermissionsChanged } from '../runtime/permissions.ts';
import { showCapturedPage } from '../toolbar/tabs.ts';
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
  seenRequest,
} from './navigation.ts';

export interface NavigationHandlers {
  /** Hears every possible redirect and says whether it is to be sealed. */
  redirect(seen: NavigationSeen): Promise<{ seal: boolean }>;
  brokerPage(seen: BrokerPageSeen): void;
  /** Hears how every top-level request ended. */
  answer(seen: AnswerSeen): void;
}

/**
 * Registers all request listeners; has to run in the background's first turn, or the event that woke it is missed.
 * In Chromium they only look on, and declarative rules do the sealing; in Firefox, which has blocking events but no
 * rules on headers, the listener seals once the capture is written.
 */
export function listenToNavigations(brokerUrls: string[], handlers: NavigationHandlers): void {
  const decide = import.meta.env.FIREFOX ? sealing(handlers) : lookingOn(handlers);
  const onHeaders = (details: WebRequest.OnHeadersReceivedDetailsType) => decide(seenHeaders(details));
  const onRequest = (details: WebRequest.OnBeforeRequestDetailsType) => decide(seenRequest(details));
  const onSend = (details: WebRequest.OnSendHeadersDetailsType) => {
    const seen = seenBrokerPage(details);
    if (seen) handlers.brokerPage(seen);
  };
  const tell = (seen: AnswerSeen | null) => {
    if (seen) handlers.answer(seen);
  };
  const onCompleted = (details: WebRequest.OnCompletedDetailsType) => tell(seenAnswer(details));
  const onRedirect = (details: WebRequest.OnBeforeRedirectDetailsType) => tell(seenRedirect(details));
  const onError = (details: WebRequest.OnErrorOccurredDetailsType) => tell(seenFailure(details));
  const listen = () => {
    const { webRequest } = browser;
    webRequest.onHeadersReceived.removeListener(onHeaders);
    webRequest.onBeforeRequest.removeListener(onRequest);
    webRequest.onSendHeaders.removeListener(onSend);
    webRequest.onCompleted.removeListener(onCompleted);
    webRequest.onBeforeRedirect.removeListener(onRedirect);
    webRequest.onErrorOccurred.removeListener(onError);
    webRequest.onHeadersReceived.addListener(onHeaders, documentsOf(brokerUrls), ['responseHeaders', ...BLOCKING]);
    webRequest.onBeforeRequest.addListener(onRequest, documentsOf(['<all_urls>']), ['requestBody', ...BLOCKING]);
    webRequest.onSendHeaders.addListener(onSend, documentsOf(brokerUrls), SENT_HEADERS);
    webRequest.onCompleted.addListener(onCompleted, documentsOf(['<all_urls>']));
    webRequest.onBeforeRedirect.addListener(onRedirect, documentsOf(['<all_urls>']));
    webRequest.onErrorOccurred.addListener(onError, documentsOf(['<all_urls>']));
  };
  listen();
  // 2026-11, Chromium 156: a listener that was registered while no host was granted stays deaf after the first grant.
  onPermissionsChanged(listen);
}

const BLOCKING = import.meta.env.FIREFOX ? (['blocking'] as const) : [];
// Chromium hides Sec-Fetch-Site behind the second word; Firefox does not know it.
const SENT_HEADERS = (
  import.meta.env.FIREFOX ? ['requestHeaders'] : ['requestHeaders', 'extraHeaders']
) as WebRequest.OnSendHeadersOptions[];

type Decide = (seen: NavigationSeen | null) => Promise<WebRequest.BlockingResponse> | undefined;

function lookingOn({ redirect }: NavigationHandlers): Decide {
  const lookOn = async (seen: NavigationSeen) => {
    const { seal } = await redirect(seen);
    // A header's rule leads to our page by itself, a request's to nowhere.
    if (seal && !seen.isHeader) await showCapturedPage(seen.tab).catch(() => undefined);
  };
  return (seen) => {
    if (seen) void lookOn(seen);
    return undefined;
  };
}

function sealing({ redirect }: NavigationHandlers): Decide {
  return async (seen) => {
    const { seal } = seen ? await redirect(seen) : { seal: false };
    if (!seen || !seal) return {};
    if (seen.form === undefined) return { redirectUrl: browser.runtime.getURL('/captured.html') };
    // 2026-11, Firefox 153: a form that is redirected to a page of an extension ends nowhere, the broker's page just stays.
    void showCapturedPage(seen.tab).catch(() => undefined);
    return { cancel: true };
  };
}
