import type { Outcome } from '../../domain/hold/hold-messages.ts';
import { keepBody, UNKEPT } from './body.ts';
import type { Hold } from './hold.ts';
import { isSameOrigin, KEY_HEADER, lookUp } from './key.ts';
import {
  abortXhr,
  apply,
  construct,
  defineProperty,
  deleteProperty,
  dispatch,
  hrefOf,
  later,
  listen,
  mapGet,
  mapSet,
  NativeEvent,
  NativeProgressEvent,
  NativeURL,
  notLater,
  openXhr,
  page,
  readyStateOf,
  sendXhr,
  setXhrHeader,
  steady,
  stop,
  timeoutOf,
  typeOf,
  xhrStatusOf,
} from './natives.ts';
import { peekXhr } from './peek.ts';

/**
 * `live`: as the page sent it. `held`: its answer came and the page has not heard. `again`: sent again, up to where the
 * page's own events go on.
 */
interface Call {
  phase: 'live' | 'held' | 'again' | 'done';
  id: number | null;
  method: string;
  url: string;
  user: unknown;
  password: unknown;
  headers: [string, string][];
  body: unknown;
  sentAt: number;
  /** Of the answer, by the browser's own events. */
  size: ProgressEventInit;
  timer: ReturnType<typeof later> | undefined;
  finish(): void;
}

// The page's upload events have all been; a second round of them would be a difference.
const EVENTS = ['readystatechange', 'loadstart', 'progress', 'load', 'error', 'abort', 'timeout', 'loadend'];

/**
 * Puts the hold into XMLHttpRequest. Nothing is kept back until a finished answer says that a login is due; then the
 * last three events wait, and the same object is sent again, so that the page hears one sequence of real events.
 */
export function holdXhr(hold: Hold): void {
  const nativeFetch = globalThis.fetch;
  const calls = new WeakMap<XMLHttpRequest, Call>();

  function onEvent(xhr: XMLHttpRequest, event: Event): void {
    const call = mapGet(calls, xhr);
    if (!call || call.phase === 'done') return;
    const type = typeOf(event);
    if (type === 'progress' || type === 'load') call.size = sizeOf(event as ProgressEvent);
    const isOver = type === 'readystatechange' && readyStateOf(xhr) === 4;
    if (call.phase === 'live' && isOver && isHeld(xhr, call)) call.phase = 'held';
    if (call.phase === 'live') return;
    if (call.phase === 'held') {
      stop(event);
      return;
    }
    // The page has seen this request being opened, sent and answered with headers.
    if (type === 'loadstart' || (type === 'readystatechange' && readyStateOf(xhr) < 3)) stop(event);
    if (isOver) call.finish();
  }

  function isHeld(xhr: XMLHttpRequest, call: Call): boolean {
    if (call.body === UNKEPT || !hold.isDue(peekXhr(xhr, call.size.loaded))) return false;
    call.id = hold.keep({
      method: call.method.toUpperCase(),
      url: call.url,
      sentAt: call.sentAt,
      description: '',
      retry: (key) => resend(xhr, call, key),
      release: () => end(xhr, call, 'load'),
    });
    if (call.id === null) return false;
    const limit = timeoutOf(xhr);
    if (limit > 0) call.timer = later(() => giveUp(xhr, call, 'timeout'), Math.max(call.sentAt + limit - steady(), 0));
    return true;
  }

  function resend(xhr: XMLHttpRequest, call: Call, key: string | null): Promise<Outcome> {
    notLater(call.timer);
    const answered = new Promise<Outcome>((resolve) => {
      call.finish = () => {
        call.phase = 'done';
        if (xhrStatusOf(xhr) === 0) void lookUp(nativeFetch, hold, key).then(resolve);
        else resolve(hold.isDue(peekXhr(xhr, call.size.loaded)) ? 'auth-required' : 'answered');
      };
    });
    call.phase = 'again';
    openXhr(xhr, call.method, call.url, true, call.user, call.password);
    for (let index = 0; index < call.headers.length; index += 1) {
      const [name, value] = call.headers[index] ?? ['', ''];
      setXhrHeader(xhr, name, value);
    }
    const hasKey = call.headers.some(([name]) => name.toLowerCase() === KEY_HEADER.toLowerCase());
    if (key !== null && !hasKey && isSameOrigin(call.url)) setXhrHeader(xhr, KEY_HEADER, key);
    sendXhr(xhr, call.body);
    return answered;
  }

  /** The page's own abort, or its timeout, while its request waits: nothing is under way that the browser could end. */
  function giveUp(xhr: XMLHttpRequest, call: Call, how: 'abort' | 'timeout'): void {
    if (call.phase !== 'held') return;
    if (call.id !== null) hold.drop(call.id);
    abortXhr(xhr);
    call.size = {};
    defineProperty(xhr, 'readyState', { value: 4, configurable: true });
    end(xhr, call, how);
    deleteProperty(xhr, 'readyState');
  }

  /** Gives the page the three events that end a request, in the browser's own order. */
  function end(xhr: XMLHttpRequest, call: Call, how: 'load' | 'abort' | 'timeout'): void {
    notLater(call.timer);
    call.phase = 'done';
    dispatch(xhr, new NativeEvent('readystatechange'));
    dispatch(xhr, new NativeProgressEvent(how, call.size));
    dispatch(xhr, new NativeProgressEvent('loadend', call.size));
  }

  const native = globalThis.XMLHttpRequest;
  const { prototype } = native;
  // An XMLHttpRequest calls its listeners in the order of their registration, capturing or not: ours has to be first.
  const held = new Proxy(native, {
    construct(target, args, made) {
      const xhr = construct(target, args, made) as XMLHttpRequest;
      for (let index = 0; index < EVENTS.length; index += 1)
        listen(xhr, EVENTS[index] ?? '', (event) => onEvent(xhr, event));
      return xhr;
    },
  });
  const own = { writable: true, enumerable: false, configurable: true };
  defineProperty(globalThis, 'XMLHttpRequest', { ...own, value: held });
  defineProperty(prototype, 'constructor', { ...own, value: held });
  patch(prototype, 'open', (native, xhr, args) => {
    const known = mapGet(calls, xhr);
    apply(native, xhr, args);
    if (known?.phase === 'held' && known.id !== null) hold.drop(known.id);
    notLater(known?.timer);
    const [method, url, isAsync, user, password] = args;
    if (known) known.phase = 'done';
    // A synchronous request blocks its page: nobody could log in meanwhile.
    if (args.length > 2 && !isAsync) return;
    mapSet(calls, xhr, {
      phase: 'live',
      id: null,
      method: String(method),
      // A relative address means another one after the page has moved.
      url: hrefOf(new NativeURL(String(url), page.baseURI)),
      user,
      password,
      headers: [],
      body: null,
      sentAt: steady(),
      size: {},
      timer: undefined,
      finish: () => undefined,
    });
  });
  patch(prototype, 'setRequestHeader', (native, xhr, args) => {
    apply(native, xhr, args);
    mapGet(calls, xhr)?.headers.push([String(args[0]), String(args[1])]);
  });
  patch(prototype, 'send', (native, xhr, args) => {
    const call = mapGet(calls, xhr);
    if (call?.phase === 'live') {
      call.sentAt = steady();
      call.body = keepBody(args[0]);
    }
    apply(native, xhr, args);
  });
  patch(prototype, 'abort', (native, xhr, args) => {
    const call = mapGet(calls, xhr);
    if (call?.phase === 'held') giveUp(xhr, call, 'abort');
    else apply(native, xhr, args);
  });
}

function sizeOf({ lengthComputable, loaded, total }: ProgressEvent): ProgressEventInit {
  return { lengthComputable, loaded, total };
}

type Patched = 'open' | 'setRequestHeader' | 'send' | 'abort';

/** Replaces a method, with a Proxy so that it keeps its name, length and source as the page knows them. */
function patch(
  prototype: XMLHttpRequest,
  name: Patched,
  instead: (native: (...args: unknown[]) => void, xhr: XMLHttpRequest, args: unknown[]) => void,
): void {
  const native = prototype[name] as (...args: unknown[]) => void;
  const value = new Proxy(native, {
    apply: (_, self, args) => instead(native, self as XMLHttpRequest, args),
  });
  defineProperty(prototype, name, { value, writable: true, enumerable: true, configurable: true });
}
