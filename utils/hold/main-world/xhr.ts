import { effectOf } from '../../domain/dashboards/effect.ts';
import type { Outcome } from '../../domain/hold/hold-messages.ts';
import { keepBody, UNKEPT } from './body.ts';
import { createGroups } from './groups.ts';
import type { Hold } from './hold.ts';
import { isSameOrigin, KEY_HEADER, lookUp, pathOf } from './key.ts';
import { mirror, NOTHING, type Shown, shownBy, unmirror } from './mirror.ts';
import {
  abortXhr,
  apply,
  baseOf,
  construct,
  defineProperty,
  dispatch,
  hrefOf,
  later,
  listen,
  lower,
  mapGet,
  mapSet,
  NativeEvent,
  NativeProgressEvent,
  NativePromise,
  NativeURL,
  notLater,
  openXhr,
  readyStateOf,
  responseTypeOf,
  sendsCredentials,
  sendXhr,
  setXhrHeader,
  steady,
  stop,
  timeoutOf,
  typeOf,
  upper,
  xhrStatusOf,
} from './natives.ts';
import { peekXhr } from './peek.ts';
import { standIn, withoutUs } from './stand-in.ts';

/**
 * `live`: as the page sent it. `held`: its answer came and the page has not heard. `again`: sent again, up to where the
 * page's own events go on.
 */
interface Call {
  xhr: XMLHttpRequest;
  phase: 'live' | 'held' | 'again' | 'done';
  method: string;
  address: string;
  base: string;
  user: unknown;
  password: unknown;
  /** As the page set them, by a running number. */
  headers: Record<number, readonly [name: string, value: string]>;
  headerCount: number;
  body: unknown;
  sentAt: number;
  /** Of the answer, by the browser's own event. */
  size: ProgressEventInit;
  timer: ReturnType<typeof later> | undefined;
  /** The answer of another request that this one shows. */
  shown: Shown | null;
  /** By the page, while it was out once more. */
  isGivenUp: boolean;
  leave(): void;
  finish(): void;
}

// 2026-11: axios 1.21 keeps a timer of its own for the limit that it sets, and aborts by it.
// https://github.com/axios/axios/blob/v1.x/lib/helpers/composeSignals.js
const AHEAD_MS = 250;

type End = 'load' | 'error' | 'abort';

/**
 * Puts the hold into XMLHttpRequest. Nothing is kept back until a finished answer says that a login is due; then the
 * last three events wait, and the same object is sent again, so that the page hears one sequence of real events.
 */
export function holdXhr(hold: Hold): void {
  const nativeFetch = globalThis.fetch;
  const calls = new WeakMap<XMLHttpRequest, Call>();
  const groups = createGroups<Call>(hold, resendAll, (call) => end(call, 'load'));

  function onEvent(xhr: XMLHttpRequest, event: Event): void {
    const call = mapGet(calls, xhr);
    if (!call || call.phase === 'done') return;
    const type = typeOf(event);
    const isOver = type === 'readystatechange' && readyStateOf(xhr) === 4;
    if (call.phase === 'live' && isOver && isHeld(call)) call.phase = 'held';
    if (call.phase === 'live') return;
    if (call.phase === 'held') {
      if (type === 'load') call.size = sizeOf(event as ProgressEvent);
      stop(event);
      return;
    }
    // The page has seen this request being opened, sent and answered with headers.
    if (type === 'loadstart' || (type === 'readystatechange' && readyStateOf(xhr) < 3)) stop(event);
    if (isOver) call.finish();
  }

  function isHeld(call: Call): boolean {
    const { xhr } = call;
    if (call.body === UNKEPT || !hold.isDue(peekXhr(xhr))) return false;
    const method = upper(call.method);
    const leave = groups.join(call, signature(call, method, hold), { method, url: urlOf(call), sentAt: call.sentAt });
    if (leave === null) return false;
    call.leave = leave;
    const limit = timeoutOf(xhr);
    // The answer that waits had arrived in time.
    if (limit > 0) call.timer = later(() => giveUp(call, 'load'), call.sentAt + limit - AHEAD_MS - steady());
    return true;
  }

  /** Sends the first again; what is like it shows its answer. A first one that was given up leaves its turn to the next. */
  async function resendAll(waiters: Record<number, Call>, key: string | null): Promise<Outcome> {
    for (const place in waiters) {
      const call = waiters[place];
      if (call?.phase !== 'held') continue;
      const outcome = await resend(call, key);
      delete waiters[place];
      if (outcome === 'given-up') continue;
      const shown = xhrStatusOf(call.xhr) === 0 ? NOTHING : shownBy(call.xhr);
      for (const other in waiters) show(waiters[other], shown);
      return outcome;
    }
    return 'answered';
  }

  function show(call: Call | undefined, shown: Shown): void {
    if (call?.phase !== 'held') return;
    notLater(call.timer);
    call.shown = shown;
    mirror(call.xhr, shown);
    end(call, shown === NOTHING ? 'error' : 'load');
  }

  function resend(call: Call, key: string | null): Promise<Outcome | 'given-up'> {
    const { xhr, headers } = call;
    notLater(call.timer);
    const answered = new NativePromise<Outcome | 'given-up'>((resolve) => {
      call.finish = () => {
        call.phase = 'done';
        if (call.isGivenUp) resolve('given-up');
        else if (xhrStatusOf(xhr) === 0) resolve(lookUp(nativeFetch, hold, key));
        else resolve(hold.isDue(peekXhr(xhr)) ? 'auth-required' : 'answered');
      };
    });
    call.phase = 'again';
    const url = urlOf(call);
    openXhr(xhr, call.method, url, true, call.user, call.password);
    let hasKey = false;
    for (const at in headers) {
      const [name, value] = headers[at] ?? NO_HEADER;
      setXhrHeader(xhr, name, value);
      if (lower(name) === lower(KEY_HEADER)) hasKey = true;
    }
    if (key !== null && !hasKey && isSameOrigin(url)) setXhrHeader(xhr, KEY_HEADER, key);
    sendXhr(xhr, call.body);
    return answered;
  }

  /** The page's own abort, or its time limit, while its request waits: nothing is under way that the browser could end. */
  function giveUp(call: Call, how: 'abort' | 'load'): void {
    if (call.phase !== 'held') return;
    call.leave();
    if (how === 'abort') abandon(call);
    else end(call, how);
  }

  function abandon(call: Call): void {
    abortXhr(call.xhr);
    call.size = {};
    mirror(call.xhr, NOTHING);
    end(call, 'abort');
    unmirror(call.xhr);
  }

  /** Gives the page the three events that end a request, in the browser's own order. */
  function end(call: Call, how: End): void {
    const { xhr, size } = call;
    notLater(call.timer);
    call.phase = 'done';
    dispatch(xhr, new NativeEvent('readystatechange'));
    dispatch(xhr, new NativeProgressEvent(how, size));
    dispatch(xhr, new NativeProgressEvent('loadend', size));
  }

  const native = globalThis.XMLHttpRequest;
  const { prototype } = native;
  // An XMLHttpRequest calls its listeners in the order of their registration, capturing or not: ours has to be first.
  const held = standIn(native, {
    construct(target, args, made) {
      const xhr = construct(target, args, made) as XMLHttpRequest;
      const heard = (event: Event) => onEvent(xhr, event);
      listen(xhr, 'readystatechange', heard);
      listen(xhr, 'loadstart', heard);
      listen(xhr, 'load', heard);
      listen(xhr, 'loadend', heard);
      return xhr;
    },
  });
  const own = { writable: true, enumerable: false, configurable: true };
  defineProperty(globalThis, 'XMLHttpRequest', { ...own, value: held });
  defineProperty(prototype, 'constructor', { ...own, value: held });
  patch(prototype, 'open', 2, (native, xhr, args) => {
    const known = mapGet(calls, xhr);
    reopen(native, xhr, args, known?.shown ?? null);
    if (known) over(known);
    // A synchronous request blocks its page: nobody could log in meanwhile.
    if (args.length > 2 && !args[2]) return;
    mapSet(calls, xhr, newCall(xhr, args));
  });
  patch(prototype, 'setRequestHeader', 2, (native, xhr, args) => {
    apply(native, xhr, args);
    const call = mapGet(calls, xhr);
    if (!call) return;
    call.headers[call.headerCount] = [args[0] as string, args[1] as string];
    call.headerCount += 1;
  });
  patch(prototype, 'send', 0, (native, xhr, args) => {
    const call = mapGet(calls, xhr);
    if (call?.phase === 'live') {
      call.sentAt = steady();
      call.body = keepBody(args[0]);
    }
    apply(native, xhr, args);
  });
  patch(prototype, 'abort', 0, (native, xhr, args) => {
    const call = mapGet(calls, xhr);
    if (call?.phase === 'held') {
      giveUp(call, 'abort');
      return;
    }
    if (call) call.isGivenUp = true;
    if (call?.shown) unmirror(xhr);
    apply(native, xhr, args);
  });

  /** The page opens the same object for another request. */
  function over(call: Call): void {
    const { phase } = call;
    notLater(call.timer);
    call.isGivenUp = true;
    call.phase = 'done';
    if (phase === 'held') call.leave();
    if (phase === 'again') call.finish();
  }
}

function newCall(xhr: XMLHttpRequest, args: readonly unknown[]): Call {
  return {
    xhr,
    phase: 'live',
    method: args[0] as string,
    address: args[1] as string,
    // A relative address means another one after the page has moved.
    base: baseOf(),
    user: args[3],
    password: args[4],
    headers: {},
    headerCount: 0,
    body: null,
    sentAt: steady(),
    size: NO_SIZE,
    timer: undefined,
    shown: null,
    isGivenUp: false,
    leave: nothing,
    finish: nothing,
  };
}

const NO_SIZE: ProgressEventInit = {};
const NO_HEADER = ['', ''] as const;
const nothing = () => undefined;

function sizeOf({ lengthComputable, loaded, total }: ProgressEvent): ProgressEventInit {
  return { lengthComputable, loaded, total };
}

function urlOf({ address, base }: Call): string {
  return hrefOf(new NativeURL(address, base));
}

/** Opens a request whose object may show another's answer: no longer from its first event on, still where it is refused. */
function reopen(native: (...args: unknown[]) => void, xhr: XMLHttpRequest, args: unknown[], shown: Shown | null): void {
  if (shown !== null) unmirror(xhr);
  try {
    apply(native, xhr, args);
  } catch (error) {
    if (shown !== null) mirror(xhr, shown);
    throw error;
  }
}

/** What tells a read from every other, or null for what is no read. */
function signature(call: Call, method: string, hold: Hold): string | null {
  const url = urlOf(call);
  const isRead =
    (method === 'GET' || method === 'HEAD') && effectOf(method, pathOf(url), hold.settings()?.rules ?? []) === 'read';
  if (!isRead) return null;
  const { xhr, user, password, headers } = call;
  let signed = `${method} ${url} ${sendsCredentials(xhr)} ${responseTypeOf(xhr)} ${user} ${password}`;
  for (const at in headers) {
    const [name, value] = headers[at] ?? NO_HEADER;
    signed += `\n${name}: ${value}`;
  }
  return signed;
}

type Patched = 'open' | 'setRequestHeader' | 'send' | 'abort';

/** Replaces a method. Arguments that are texts, from the `least` number of them on, are made into texts once and for all. */
function patch(
  prototype: XMLHttpRequest,
  name: Patched,
  least: 0 | 2,
  instead: (native: (...args: unknown[]) => void, xhr: XMLHttpRequest, args: unknown[]) => void,
): void {
  const native = prototype[name] as (...args: unknown[]) => void;
  const value = standIn(native, {
    apply(_, self, args: unknown[]) {
      try {
        if (args.length < least || !isXhr(self)) return apply(native, self, args);
        instead(native, self, least === 0 ? args : inText(args, name === 'open' ? 5 : 2));
      } catch (error) {
        throw withoutUs(error);
      }
    },
  });
  defineProperty(prototype, name, { value, writable: true, enumerable: true, configurable: true });
}

function isXhr(self: unknown): self is XMLHttpRequest {
  try {
    readyStateOf(self as XMLHttpRequest);
    return true;
  } catch {
    return false;
  }
}

/** `open(method, url, async, user, password)` and `setRequestHeader(name, value)`: all but a flag, and what may be missing. */
function inText(args: unknown[], most: number): unknown[] {
  for (let index = 0; index < args.length && index < most; index += 1) {
    const value = args[index];
    // A symbol is nobody's text, which the browser says in its own words.
    const isKept =
      typeof value === 'string' ||
      typeof value === 'symbol' ||
      index === 2 ||
      (index > 2 && (value === null || value === undefined));
    if (!isKept) args[index] = `${value}`;
  }
  return args;
}
