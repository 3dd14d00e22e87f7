import type { HttpResult } from '../../domain/delivery/answers.ts';
import { MAX_ANSWER_BYTES } from '../../shared/contract.ts';
import { SECOND } from '../../shared/time.ts';
import { browser } from '../browser.ts';
import type { HttpRequest } from './http.ts';

const TIMEOUT_MS = 15 * SECOND;

/** Which cookie of the page goes into which header. */
interface Csrf {
  cookie: string;
  header: string;
}

/**
 * Makes a call from an open tab of the same origin, in our own world there: to the backend it is its page's, with its
 * cookies and origin, and no script of the page sees it. `no_tab` where none is open, `not_made` where the browser lets
 * nobody look for one or run anything in it.
 */
export async function callFromTab(request: HttpRequest, csrf: Csrf): Promise<HttpResult | 'no_tab' | 'not_made'> {
  const { origin } = new URL(request.url);
  const query = { url: `${new URL(origin).protocol}//${new URL(origin).hostname}/*` };
  const tabs = await browser.tabs.query(query).catch(() => null);
  if (tabs === null) return 'not_made';
  const tab = tabs.find(({ url, discarded }) => url?.startsWith(`${origin}/`) && !discarded);
  if (tab?.id === undefined) return 'no_tab';
  try {
    const [ran] = await browser.scripting.executeScript({
      target: { tabId: tab.id },
      func: callInPage,
      args: [request, csrf, TIMEOUT_MS, MAX_ANSWER_BYTES],
    });
    return (ran?.result as HttpResult | undefined) ?? { kind: 'unreachable' };
  } catch (error) {
    if (error instanceof Error && NOT_RUN.test(error.message)) return 'not_made';
    throw error;
  }
}

// 2026-11: the browsers' words where a script did not begin; any other error may have come while it ran.
// https://source.chromium.org/chromium/chromium/src/+/main:extensions/common/manifest_constants.cc
const NOT_RUN =
  /^(?:cannot access|missing host permission|no tab with id|invalid tab id|frame with id \d+ is showing error)/i;

/** Runs in the tab, so it can use nothing but its arguments. */
async function callInPage(
  { url, method, headers, body }: HttpRequest,
  { cookie, header }: Csrf,
  timeoutMs: number,
  maxBytes: number,
): Promise<HttpResult> {
  const found = document.cookie.split('; ').find((one) => one.startsWith(`${cookie}=`));
  const value = found?.slice(cookie.length + 1) ?? '';
  const isEncoded = /%[\da-f]{2}/i.test(value) && !/%(?![\da-f]{2})/i.test(value);
  try {
    const token = found ? { [header]: isEncoded ? decodeURIComponent(value) : value } : {};
    const response = await fetch(url, {
      method,
      body,
      headers: { ...headers, ...token },
      redirect: 'manual',
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.type === 'opaqueredirect') return { kind: 'redirected' };
    const text = await response.text();
    if (text.length > maxBytes) return { kind: 'too_large' };
    return { kind: 'response', status: response.status, headers: Object.fromEntries(response.headers), body: text };
  } catch (error) {
    return { kind: error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'unreachable' };
  }
}
