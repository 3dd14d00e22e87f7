import { effectOf } from '../../domain/dashboards/effect.ts';
import type { Outcome } from '../../domain/hold/hold-messages.ts';
import { createGroups } from './groups.ts';
import type { Hold } from './hold.ts';
import { isSameOrigin, KEY_HEADER, lookUp, pathOf } from './key.ts';
import {
  apply,
  cloneResponse,
  credentialsOf,
  defineProperty,
  eachHeader,
  hasHeader,
  headersOf,
  isAborted,
  listen,
  methodOf,
  NativeHeaders,
  NativePromise,
  NativeRequest,
  NativeResponse,
  reasonOf,
  requestHeadersOf,
  responseUrlOf,
  setHeader,
  signalOf,
  statusOf,
  statusTextOf,
  steady,
  urlOf,
} from './natives.ts';
import { type Peeked, peekResponse } from './peek.ts';
import { type Made, makeRequest } from './request.ts';
import { standIn, withoutUs } from './stand-in.ts';
import { isTimeout } from './timeout.ts';

/** One of the page's calls that wait for the same answer. */
interface Waiter {
  request: Request;
  original: Response;
  resolve(response: Response): void;
  reject(reason: unknown): void;
}

type Fetch = typeof globalThis.fetch;

// The browser names the function that read the arguments.
const AS_FETCH = ["Failed to construct 'Request'", "Failed to execute 'fetch' on 'Window'"] as const;

/** Puts the hold in front of the page's `fetch`. What the page gave is read once, by the browser, into the request that is sent. */
export function holdFetch(hold: Hold): void {
  const native = globalThis.fetch;
  const groups = createGroups<Waiter>(hold, resend, ({ resolve, original }) => resolve(original));

  function call(self: unknown, args: readonly unknown[]): Promise<Response> {
    // On another object it fails before anything is read.
    const isOwn = self === undefined || self === null || self === globalThis;
    if (!isOwn || args.length === 0) return apply(native, self, args as Parameters<Fetch>);
    let made: Made;
    try {
      made = makeRequest(args as Parameters<Fetch>);
    } catch (error) {
      return rejected(withoutUs(error, AS_FETCH));
    }
    const { request, kept } = made;
    const sentAt = steady();
    const sent: Promise<Response> = apply(native, self, [request]);
    // What is over already is rejected before the page's next step.
    return kept === null ? sent : answer(sent, kept, sentAt);
  }

  async function answer(sent: Promise<Response>, kept: () => Request, sentAt: number): Promise<Response> {
    let response: Response;
    try {
      response = await sent;
    } catch (error) {
      throw withoutUs(error);
    }
    const peeked = await peekResponse(response, hold.isDecided);
    if (peeked === null) return response;
    await hold.ready();
    if (!hold.isDue(peeked)) return response;
    const request = kept();
    return isAborted(signalOf(request)) ? response : wait(request, response, peeked, sentAt);
  }

  function wait(request: Request, original: Response, peeked: Peeked, sentAt: number): Promise<Response> {
    return new NativePromise((resolve, reject) => {
      const about = { method: methodOf(request), url: urlOf(request), sentAt };
      const leave = groups.join({ request, original, resolve, reject }, signature(request, hold), about);
      if (leave === null) return resolve(original);
      const signal = signalOf(request);
      listen(signal, 'abort', () => {
        leave();
        const reason = reasonOf(signal);
        if (isTimeout(reason)) resolve(rebuilt(original, peeked));
        else reject(reason);
      });
    });
  }

  async function resend(waiters: Record<number, Waiter>, key: string | null): Promise<Outcome> {
    let first: Waiter | null = null;
    for (const place in waiters) first ??= waiters[place] ?? null;
    if (first === null) return 'answered';
    const { request } = first;
    try {
      const response = await native(key === null ? request : withKey(request, key));
      const peeked = await peekResponse(response, hold.isDecided);
      for (const place in waiters) {
        const waiter = waiters[place];
        if (waiter && waiter !== first) waiter.resolve(cloneResponse(response));
      }
      first.resolve(response);
      return hold.isDue(peeked) ? 'auth-required' : 'answered';
    } catch (reason) {
      // One of the page's calls was given up, and it was the one that was out: the others still want their answer.
      const others = isAborted(signalOf(request)) ? without(waiters, first) : null;
      if (others !== null) return resend(others, key);
      for (const place in waiters) waiters[place]?.reject(withoutUs(reason));
      return lookUp(native, hold, key);
    }
  }

  const value = standIn(native, { apply: (_, self, args) => call(self, args) });
  defineProperty(globalThis, 'fetch', { value, writable: true, enumerable: true, configurable: true });
}

async function rejected(error: unknown): Promise<never> {
  throw error;
}

function without(waiters: Record<number, Waiter>, gone: Waiter): Record<number, Waiter> | null {
  const others: Record<number, Waiter> = {};
  let count = 0;
  for (const place in waiters) {
    const waiter = waiters[place];
    if (waiter === undefined || waiter === gone) continue;
    others[Number(place)] = waiter;
    count += 1;
  }
  return count === 0 ? null : others;
}

/** An answer that had arrived in time, once more: the time that has run out since has ended the body of the first one. */
function rebuilt(original: Response, { text }: Peeked): Response {
  const init = { status: statusOf(original), statusText: statusTextOf(original), headers: headersOf(original) };
  const response = new NativeResponse(text === '' ? null : text, init);
  defineProperty(response, 'url', { value: responseUrlOf(original), configurable: true });
  return response;
}

/** What tells a read from every other, or null for what is no read. */
function signature(request: Request, hold: Hold): string | null {
  const method = methodOf(request);
  const url = urlOf(request);
  const isRead =
    (method === 'GET' || method === 'HEAD') && effectOf(method, pathOf(url), hold.settings()?.rules ?? []) === 'read';
  if (!isRead) return null;
  let signed = `${method} ${url} ${credentialsOf(request)}`;
  eachHeader(requestHeadersOf(request), (value, name) => {
    signed += `\n${name}: ${value}`;
  });
  return signed;
}

function withKey(request: Request, key: string): Request {
  if (!isSameOrigin(urlOf(request)) || hasHeader(requestHeadersOf(request), KEY_HEADER)) return request;
  const headers = new NativeHeaders(requestHeadersOf(request));
  setHeader(headers, KEY_HEADER, key);
  return new NativeRequest(request, { headers });
}
