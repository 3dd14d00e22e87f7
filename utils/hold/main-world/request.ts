import { isKeepable } from './body.ts';
import { isSameOrigin } from './key.ts';
import {
  baseOf,
  cloneRequest,
  getOf,
  isAborted,
  keepsAlive,
  matches,
  methodOf,
  modeOf,
  NativeProxy,
  NativeRequest,
  NativeURL,
  signalOf,
  slice,
  urlOf,
} from './natives.ts';

type Args = Parameters<typeof fetch>;

/** A request as the browser read it from what the page gave, once and in the browser's own order. */
export interface Made {
  /** To be sent now. */
  request: Request | string;
  /** Gives what can be sent again after a login; null where nothing can, or where it is over before it begins. */
  kept: (() => Request) | null;
}

/** Throws what the page's own call would have been rejected with. */
export function makeRequest(args: Args): Made {
  const input = args[0];
  return args[1] === undefined && isPath(input) ? ofPath(input) : ofAny(input, args[1]);
}

// What a path alone asks for can be made later, and costs nothing until then.
const PATH = /^\/(?![/\\])/;

function isPath(input: unknown): input is string {
  return typeof input === 'string' && matches(PATH, input);
}

function ofPath(path: string): Made {
  const base = baseOf();
  return { request: path, kept: () => new NativeRequest(new NativeURL(path, base)) };
}

function ofAny(input: Args[0], init: Args[1]): Made {
  let body: unknown;
  const request = new NativeRequest(
    input,
    watched(init, (value) => (body = value)),
  );
  if (keepsAlive(request) || !isKeepable(body) || !isSendable(request) || isAborted(signalOf(request)))
    return { request, kept: null };
  const method = methodOf(request);
  const isBare = method === 'GET' || method === 'HEAD';
  const kept = isBare ? request : cloneRequest(request);
  return { request, kept: () => kept };
}

/** False for what never reaches a server: it fails at once, or is an answer of the page's own. */
function isSendable(request: Request): boolean {
  const url = urlOf(request);
  return slice(url, 0, 4) === 'http' && (modeOf(request) !== 'same-origin' || isSameOrigin(url));
}

/** Of a body the request itself no longer tells whether it is a stream. */
function watched(init: unknown, seen: (body: unknown) => void): RequestInit | undefined {
  if (!isObject(init)) return init as RequestInit | undefined;
  // In front of an empty object: of one that holds the page's, an engine would ask what it holds, for each name.
  return new NativeProxy<RequestInit>(
    {},
    {
      get(_, name) {
        const value: unknown = getOf(init, name);
        if (name === 'body') seen(value);
        return value;
      },
    },
  );
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
