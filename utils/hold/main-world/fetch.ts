import { effectOf } from '../../domain/dashboards/effect.ts';
import type { Outcome } from '../../domain/hold/hold-messages.ts';
import { keepBody, UNKEPT } from './body.ts';
import type { Hold } from './hold.ts';
import { isSameOrigin, KEY_HEADER, lookUp, pathOf } from './key.ts';
import {
  apply,
  cloneRequest,
  cloneResponse,
  credentialsOf,
  defineProperty,
  eachHeader,
  hasHeader,
  isAborted,
  keepsAlive,
  listen,
  methodOf,
  NativeHeaders,
  NativeRequest,
  NativeURL,
  reasonOf,
  requestHeadersOf,
  setHeader,
  signalOf,
  steady,
  urlOf,
} from './natives.ts';
import { peekResponse } from './peek.ts';

/** One of the page's calls that wait for the same answer. */
interface Waiter {
  request: Request;
  original: Response;
  resolve(response: Response): void;
  reject(reason: unknown): void;
}

/** Calls that are alike and only read, as one. */
interface Group {
  id: number | null;
  alike: string | null;
  waiters: Waiter[];
}

type Fetch = typeof globalThis.fetch;

/** Puts the hold in front of the page's `fetch`. What it does not hold goes through with the very arguments it came with. */
export function holdFetch(hold: Hold): void {
  const native = globalThis.fetch;
  const groups: Group[] = [];

  async function call(self: unknown, args: Parameters<Fetch>): Promise<Response> {
    const request = keepRequest(args);
    const sentAt = steady();
    const response: Response = await apply(native, self, args);
    if (request === null) return response;
    const peeked = await peekResponse(response);
    if (peeked === null) return response;
    await hold.ready();
    return hold.isDue(peeked) && !isAborted(signalOf(request)) ? wait(request, response, sentAt) : response;
  }

  function wait(request: Request, original: Response, sentAt: number): Promise<Response> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { request, original, resolve, reject };
      const alike = signature(request, hold);
      const group = alike === null ? undefined : groups.find((one) => one.alike === alike);
      if (group && group.waiters.length < MOST_ALIKE) group.waiters.push(waiter);
      else if (group || !enter(waiter, alike, sentAt)) return resolve(original);
      listen(signalOf(request), 'abort', () => leave(waiter));
    });
  }

  function enter(waiter: Waiter, alike: string | null, sentAt: number): boolean {
    const group: Group = { id: null, alike, waiters: [waiter] };
    group.id = hold.keep({
      method: methodOf(waiter.request),
      url: urlOf(waiter.request),
      sentAt,
      description: '',
      retry(key) {
        close(group);
        return resend(group.waiters, key);
      },
      release() {
        close(group);
        for (const { resolve, original } of group.waiters) resolve(original);
      },
    });
    if (group.id !== null) groups.push(group);
    return group.id !== null;
  }

  function close(group: Group): void {
    const at = groups.indexOf(group);
    if (at !== -1) groups.splice(at, 1);
  }

  function leave(waiter: Waiter): void {
    waiter.reject(reasonOf(signalOf(waiter.request)));
    const group = groups.find(({ waiters }) => waiters.includes(waiter));
    if (!group) return;
    group.waiters.splice(group.waiters.indexOf(waiter), 1);
    if (group.waiters.length > 0 || group.id === null) return;
    close(group);
    hold.drop(group.id);
  }

  async function resend(waiters: readonly Waiter[], key: string | null): Promise<Outcome> {
    const [first, ...others] = waiters;
    if (!first) return 'answered';
    const request = key === null ? first.request : withKey(first.request, key);
    try {
      const response = await native(request);
      const peeked = await peekResponse(response);
      for (const { resolve } of others) resolve(cloneResponse(response));
      first.resolve(response);
      return hold.isDue(peeked) ? 'auth-required' : 'answered';
    } catch (reason) {
      for (const { reject } of waiters) reject(reason);
      return lookUp(native, hold, key);
    }
  }

  // A Proxy keeps the function's name, length and source as the page knows them.
  const held = new Proxy(native, { apply: (_, self, args) => call(self, args as Parameters<Fetch>) });
  defineProperty(globalThis, 'fetch', { value: held, writable: true, enumerable: true, configurable: true });
}

const MOST_ALIKE = 1_000;

/** The request as it can be sent again, or null where it never can, or where making it would change what the page sends. */
function keepRequest([input, init]: Parameters<Fetch>): Request | null {
  try {
    const base = input instanceof NativeRequest ? cloneRequest(input) : input;
    // Anything else, a request of another frame for one, would be used up by a copy.
    if (typeof base !== 'string' && base !== null && !(base instanceof NativeURL) && !(base instanceof NativeRequest))
      return null;
    const request = init === undefined || init === null ? new NativeRequest(base) : copyWith(base, init);
    return request === null || keepsAlive(request) ? null : request;
  } catch {
    // What cannot be made into a request fails at the browser's own hand.
    return null;
  }
}

function copyWith(base: string | URL | Request, init: RequestInit): Request | null {
  const prototype = Reflect.getPrototypeOf(init);
  const isPlain = prototype === null || prototype === Object.prototype;
  const body = keepBody(init.body);
  if (!isPlain || body === UNKEPT || isOneShot(init.headers)) return null;
  return new NativeRequest(base, { ...init, body: body as BodyInit });
}

/** Headers out of an iterator can be read once, and that is the page's own turn. */
function isOneShot(headers: unknown): boolean {
  return typeof headers === 'object' && headers !== null && 'next' in headers;
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
