import type { WebRequest } from '../browser.ts';

/** A top-level navigation to a possible redirect URL, as far as the browser shows it. */
export interface NavigationSeen {
  tab: number;
  url: string;
  form?: Record<string, string[]>;
  /** The origin that vouches: the host whose redirect header it was, or whose page started the request; null where the browser does not say. */
  origin: string | null;
  /** True for a redirect header. */
  isHeader: boolean;
}

/** A top-level request to a broker's page. `byHand`: typed, bookmarked or opened by a program, not by another page. */
export interface BrokerPageSeen {
  tab: number;
  url: string;
  byHand: boolean;
  origin: string | null;
}

/** What Chromium and Firefox name differently, and what only one of them tells. */
type Details = {
  tabId: number;
  frameId: number;
  url: string;
  initiator?: string;
  originUrl?: string;
  documentLifecycle?: string;
};

/** A possible redirect in a request's own URL or form. */
export function seenRequest(details: WebRequest.OnBeforeRequestDetailsType): NavigationSeen | null {
  if (!isOutermost(details)) return null;
  return {
    tab: details.tabId,
    url: details.url,
    form: formOf(details.requestBody),
    origin: originOf(details),
    isHeader: false,
  };
}

/** A possible redirect in an answer's Location header. */
export function seenHeaders(details: WebRequest.OnHeadersReceivedDetailsType): NavigationSeen | null {
  const location = details.responseHeaders?.find(({ name }) => name.toLowerCase() === 'location')?.value;
  if (!isOutermost(details) || location === undefined || !URL.canParse(location, details.url)) return null;
  return {
    tab: details.tabId,
    url: new URL(location, details.url).href,
    origin: new URL(details.url).origin,
    isHeader: true,
  };
}

/** A broker's page that is being requested, and by whom. */
export function seenBrokerPage(details: WebRequest.OnSendHeadersDetailsType): BrokerPageSeen | null {
  if (!isOutermost(details)) return null;
  const site = details.requestHeaders?.find(({ name }) => name.toLowerCase() === 'sec-fetch-site')?.value;
  return { tab: details.tabId, url: details.url, byHand: site === 'none', origin: originOf(details) };
}

/** How a top-level request ended: with an answer of any status, or with none. */
export interface AnswerSeen {
  url: string;
  method: string;
  answered: boolean;
}

/** An answer of any status. */
export function seenAnswer(
  details: WebRequest.OnCompletedDetailsType | WebRequest.OnBeforeRedirectDetailsType,
): AnswerSeen | null {
  return isOutermost(details) ? { url: details.url, method: details.method, answered: true } : null;
}

/** An answer that leads elsewhere, as a callback's does; one that the browser made up itself, to come by https, is none. */
export function seenRedirect(details: WebRequest.OnBeforeRedirectDetailsType): AnswerSeen | null {
  return /Internal Redirect/i.test(details.statusLine) ? null : seenAnswer(details);
}

/** A request without an answer; one that the browser or the person broke off says nothing. */
export function seenFailure(details: WebRequest.OnErrorOccurredDetailsType): AnswerSeen | null {
  if (!isOutermost(details) || /ABORTED/i.test(details.error)) return null;
  return { url: details.url, method: details.method, answered: false };
}

/** The filter for events on these hosts' top-level documents. */
export function documentsOf(urls: string[]): WebRequest.RequestFilter {
  return { urls, types: ['main_frame'] };
}

function isOutermost({ tabId, frameId, documentLifecycle }: Details): boolean {
  return tabId >= 0 && frameId === 0 && (documentLifecycle === undefined || documentLifecycle === 'active');
}

function originOf({ initiator, originUrl }: Details): string | null {
  const text = initiator ?? originUrl;
  return text !== undefined && URL.canParse(text) ? new URL(text).origin : null;
}

function formOf(
  body: WebRequest.OnBeforeRequestDetailsTypeRequestBodyType | undefined,
): Record<string, string[]> | undefined {
  // The polyfill's type says one string a field; both browsers give a list.
  if (body?.formData) return body.formData as unknown as Record<string, string[]>;
  const chunks = body?.raw?.flatMap(({ bytes }) => (bytes instanceof ArrayBuffer ? [new Uint8Array(bytes)] : [])) ?? [];
  if (chunks.length === 0) return undefined;
  const form: Record<string, string[]> = {};
  const decoder = new TextDecoder();
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('');
  for (const [name, value] of new URLSearchParams(text)) form[name] = [...(form[name] ?? []), value];
  return form;
}
