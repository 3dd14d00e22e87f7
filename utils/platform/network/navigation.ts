import type { BrokerPage } from '../../domain/capture/arming.ts';
import type { Start } from '../../domain/capture/provenance.ts';
import type { WebRequest } from '../browser.ts';
import type { Detours } from './detours.ts';
import { isNowhere } from './seal-rules.ts';

/** A top-level navigation to a possible redirect URL, as far as the browser shows it. */
export interface NavigationSeen {
  tab: number;
  url: string;
  form?: Record<string, string[]>;
  /** The origin that vouches: the host whose redirect header it was, or whose page started the request; null where the browser does not say. */
  origin: string | null;
  /** True for a redirect header. */
  isHeader: boolean;
  /** Something else led the request here after it had begun on that page. */
  ledOn?: boolean;
  /** The browser's name of the request, which a redirect keeps. */
  request?: string;
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
export function seenRequest(
  details: WebRequest.OnBeforeRequestDetailsType,
  { isLedOn }: Pick<Detours, 'isLedOn'>,
): NavigationSeen | null {
  if (!isOutermost(details)) return null;
  return {
    tab: details.tabId,
    url: details.url,
    form: formOf(details.requestBody),
    origin: originOf(details),
    isHeader: false,
    ...(isLedOn(details.requestId) && { ledOn: true }),
    request: details.requestId,
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
    request: details.requestId,
  };
}

/** How a request began, by its headers. */
export function startOf(details: WebRequest.OnSendHeadersDetailsType): Start {
  return { byHand: headerOf(details, 'sec-fetch-user') === '?1', hopped: isHopped(details) };
}

/** When the browser requested a broker's page, and its name of that request. */
export type BrokerPageSeen = BrokerPage & { at: number; request: string };

/** A broker's page that is being requested, and by whom. */
export function seenBrokerPage(details: WebRequest.OnSendHeadersDetailsType): BrokerPageSeen | null {
  if (!isOutermost(details)) return null;
  return {
    tab: details.tabId,
    url: details.url,
    site: headerOf(details, 'sec-fetch-site') ?? null,
    hopped: isHopped(details),
    isPrefetch: headerOf(details, 'sec-purpose') !== undefined,
    origin: originOf(details),
    at: details.timeStamp,
    request: details.requestId,
  };
}

/**
 * Whether the headers show that a request came by way of another site. 2026-11, Chromium 156: a redirect to another origin
 * takes the client hints away and puts them back behind Sec-Fetch-*. By the Fetch standard such a hop also makes a form's
 * Origin `null`; so does http, hence https alone counts. Firefox 153 shows nothing for a GET.
 */
function isHopped(details: WebRequest.OnSendHeadersDetailsType): boolean {
  if (isNowhere(details.url)) return false;
  const names = details.requestHeaders?.map(({ name }) => name.toLowerCase()) ?? [];
  const origin = headerOf(details, 'origin');
  const isForeignForm = details.url.startsWith('https:') && origin !== undefined && origin !== originOf(details);
  return isForeignForm || names.indexOf('sec-ch-ua') > names.indexOf('sec-fetch-site');
}

function headerOf({ requestHeaders }: WebRequest.OnSendHeadersDetailsType, wanted: string): string | undefined {
  return requestHeaders?.find(({ name }) => name.toLowerCase() === wanted)?.value;
}

/** How a top-level request ended: with an answer of any status, or with none. */
export interface AnswerSeen {
  tab: number;
  url: string;
  method: string;
  origin: string | null;
  answered: boolean;
  /** This background did not see the request begin: the one that did may have died. */
  missed: boolean;
  /** The path that the answer leads to, without its query. */
  leadsTo?: string;
  status?: number;
}

type Ended = Omit<AnswerSeen, 'missed'>;

/** An answer of any status. */
export function seenAnswer(
  details: WebRequest.OnCompletedDetailsType | WebRequest.OnBeforeRedirectDetailsType,
): Ended | null {
  return isOutermost(details) ? { ...endOf(details, true), status: details.statusCode } : null;
}

/** An answer that leads elsewhere, as a callback's does; one that the browser made up itself, to come by https, is none. */
export function seenRedirect(details: WebRequest.OnBeforeRedirectDetailsType): Ended | null {
  const seen = /Internal Redirect/i.test(details.statusLine) ? null : seenAnswer(details);
  return seen && { ...seen, leadsTo: pathOf(details.redirectUrl, details.url) };
}

function pathOf(url: string, from: string): string | undefined {
  return URL.canParse(url, from) ? new URL(url, from).pathname : undefined;
}

/** A request without an answer; one that the browser or the person broke off says nothing. */
export function seenFailure(details: WebRequest.OnErrorOccurredDetailsType): Ended | null {
  if (!isOutermost(details) || /ABORTED/i.test(details.error)) return null;
  return endOf(details, false);
}

function endOf(details: Details & { method: string }, answered: boolean): Ended {
  return { tab: details.tabId, url: details.url, method: details.method, origin: originOf(details), answered };
}

/** The redirect of a header that went by unseen. */
export function seenRedirectTo(details: WebRequest.OnBeforeRedirectDetailsType): NavigationSeen | null {
  if (!isOutermost(details) || !/^https?:/.test(details.redirectUrl)) return null;
  return { tab: details.tabId, url: details.redirectUrl, origin: new URL(details.url).origin, isHeader: true };
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
  for (const [name, value] of fieldsOf(text)) form[name] = [...(form[name] ?? []), value];
  return form;
}

/** A form as text/plain has a line for each field, which no other form has: there a line break is encoded. */
function fieldsOf(text: string): Iterable<[string, string]> {
  if (!text.includes('\r\n')) return new URLSearchParams(text);
  const lines = text.split('\r\n').filter((line) => line.includes('='));
  return lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
}
