import { UNSEEN } from '../../domain/capture/provenance.ts';
import { browser, type WebRequest } from '../browser.ts';
import { onPermissionsChanged } from '../runtime/permissions.ts';
import type { Headed, NavigationHandlers, Requested, Sent } from './deciding.ts';
import { detours } from './detours.ts';
import { lookingOn } from './looking-on.ts';
import {
  type AnswerSeen,
  documentsOf,
  seenAnswer,
  seenBrokerPage,
  seenFailure,
  seenRedirect,
  seenRedirectTo,
} from './navigation.ts';
import { remember } from './remember.ts';
import { requestBegins } from './request-begins.ts';
import type { Hop } from './request-starts.ts';
import { sealing } from './sealing.ts';

/**
 * Registers all request listeners; has to run in the background's first turn, or the event that woke it is missed.
 */
export function listenToNavigations(brokerUrls: string[], handlers: NavigationHandlers): void {
  const brokerHosts = new Set(brokerUrls.map((url) => new URL(url).hostname));
  const isBrokers = (url: string) => brokerHosts.has(new URL(url).hostname);
  const ways = detours(isBrokers);
  const decide = import.meta.env.FIREFOX ? sealing(handlers, ways) : lookingOn(handlers, ways);
  // What this background saw begin: it judges that, and an end of anything else may be all that is left of a redirect.
  const begins = requestBegins();
  const headed = new Set<string>();
  const tellAnswer = (seen: Omit<AnswerSeen, 'missed'> | null, hop: Hop) => {
    if (seen) begins.whenBegun(hop, (missed) => handlers.answer({ ...seen, missed }));
  };
  const onRequest = (details: Requested) => {
    ways.pass(details);
    decide.onRequest(details);
    // An answer that overtook it finds the redirect taken.
    begins.begin(details);
  };
  const onHeaders = (details: Headed) => {
    headed.add(details.requestId);
    return decide.onHeaders(details);
  };
  const beganAt = new Map<string, number>();
  const onBrokerPage = (details: Sent) => {
    const { requestId, timeStamp } = details;
    // A redirect of the broker to itself is no new beginning, and may be heard of before the page that it came from.
    if (timeStamp >= (beganAt.get(requestId) ?? Number.POSITIVE_INFINITY)) return;
    remember(beganAt, requestId, timeStamp);
    const seen = seenBrokerPage(details);
    if (seen) handlers.brokerPage(seen);
  };
  const end = (requestId: string) => {
    headed.delete(requestId);
    begins.end(requestId);
    decide.onEnd(requestId);
  };
  const onCompleted = (details: WebRequest.OnCompletedDetailsType) => {
    tellAnswer(seenAnswer(details), details);
    end(details.requestId);
  };
  const onRedirect = (details: WebRequest.OnBeforeRedirectDetailsType) => {
    ways.pass(details);
    tellAnswer(seenRedirect(details), details);
    const seen = isBrokers(details.url) && !headed.has(details.requestId) ? seenRedirectTo(details) : null;
    if (seen) void handlers.redirect(seen, UNSEEN);
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
