import type { HttpResult } from '../../domain/delivery/answers.ts';
import { MAX_ANSWER_BYTES } from '../../shared/contract.ts';
import { SECOND } from '../../shared/time.ts';
import { watchNetError } from './net-errors.ts';

// A worker lives 30 s after its last activity, and a pending fetch is none.
const TIMEOUT_MS = 15 * SECOND;
const READ_HEADERS = [
  'content-type',
  'retry-after',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'www-authenticate',
];

export interface HttpRequest {
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'OPTIONS';
  headers: Record<string, string>;
  body?: string;
  /** The person's own cookies there; left out for every destination but one that is their login. */
  cookies?: 'include' | 'omit';
  /** Breaks the call off: then it came to nothing. */
  signal?: AbortSignal;
}

/**
 * One call to a destination: no cookies unless it asks for them, no cache, no referrer, no redirect followed, answer capped in bytes and in time.
 * `manual` instead of `error`: neither follows a redirect, but only this one tells it from a dead server.
 */
export async function callHttp(asked: HttpRequest): Promise<HttpResult> {
  const { url, method, headers, body, cookies = 'omit', signal } = asked;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const watch = url.startsWith('https:') ? watchNetError(url) : null;
  try {
    const response = await fetch(url, {
      method,
      headers,
      body,
      redirect: 'manual',
      credentials: cookies,
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    if (response.type === 'opaqueredirect') return { kind: 'redirected' };
    const text = await readCapped(response);
    if (text === null) return { kind: 'too_large' };
    const shown = READ_HEADERS.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value]];
    });
    return { kind: 'response', status: response.status, headers: Object.fromEntries(shown), body: text };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') return { kind: 'timeout' };
    const said = await watch?.heard();
    return { kind: said && isOfCertificate(said) ? 'certificate' : 'unreachable' };
  } finally {
    watch?.stop();
  }
}

/** Chromium has a name, net::ERR_CERT_AUTHORITY_INVALID; Firefox a sentence in the person's language, and NS_ERROR_… for all else. */
function isOfCertificate(said: string): boolean {
  return said.startsWith('net::ERR_CERT_') || (said.includes(' ') && !/^(?:net::|NS_)|SSL/.test(said));
}

async function readCapped(response: Response): Promise<string | null> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
