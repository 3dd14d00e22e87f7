import { jsonText } from './json-text.ts';
import {
  answerHeaders,
  defineProperty,
  deleteProperty,
  getHeader,
  indexIn,
  NativeHeaders,
  parse,
  responseOf,
  responseTypeOf,
  setHeader,
  sizeOfBuffer,
  slice,
  sliceBuffer,
  xhrStatusOf,
  xhrStatusTextOf,
  xhrUrlOf,
} from './natives.ts';

/** An answer of an XMLHttpRequest, to be shown by others that asked for the same. */
export interface Shown {
  readyState: number;
  status: number;
  statusText: string;
  responseURL: string;
  headers: string;
  response: unknown;
}

/** What a request that came to nothing shows. */
export const NOTHING: Shown = { readyState: 4, status: 0, statusText: '', responseURL: '', headers: '', response: '' };

const NAMES = [
  'readyState',
  'status',
  'statusText',
  'responseURL',
  'response',
  'responseText',
  'getAllResponseHeaders',
  'getResponseHeader',
] as const;

export function shownBy(xhr: XMLHttpRequest): Shown {
  return {
    readyState: 4,
    status: xhrStatusOf(xhr),
    statusText: xhrStatusTextOf(xhr),
    responseURL: xhrUrlOf(xhr),
    headers: answerHeaders(xhr),
    response: responseOf(xhr),
  };
}

/** Shows the answer of another on this one, until {@link unmirror}: a finished request cannot be given one in any other way. */
export function mirror(xhr: XMLHttpRequest, shown: Shown): void {
  const type = responseTypeOf(xhr);
  const isText = type === '' || type === 'text';
  const headers = headersOf(shown.headers);
  const values: Record<(typeof NAMES)[number], unknown> = {
    readyState: shown.readyState,
    status: shown.status,
    statusText: shown.statusText,
    responseURL: shown.responseURL,
    response: isText ? shown.response : copyOf(type, shown.response),
    responseText: shown.response,
    getAllResponseHeaders: () => shown.headers,
    getResponseHeader: (name: string) => headerOf(headers, name),
  };
  for (let index = 0; index < NAMES.length; index += 1) {
    const name = NAMES[index] ?? 'response';
    // The browser's own throws where the answer was asked for in another form.
    if (name === 'responseText' && !isText) continue;
    defineProperty(xhr, name, { value: values[name], configurable: true });
  }
}

/** Lets the browser speak for this request again. */
export function unmirror(xhr: XMLHttpRequest): void {
  for (let index = 0; index < NAMES.length; index += 1) deleteProperty(xhr, NAMES[index] ?? 'response');
}

/** Each part of the page gets an object of its own, as it would from an answer of its own; a Blob cannot be changed. */
function copyOf(type: string, response: unknown): unknown {
  if (typeof response !== 'object' || response === null) return null;
  if (type === 'arraybuffer') return sliceBuffer(response as ArrayBuffer, 0, sizeOfBuffer(response as ArrayBuffer));
  return type === 'json' ? parse(jsonText(response)) : response;
}

function headersOf(lines: string): Headers {
  const headers = new NativeHeaders();
  for (let from = 0; from < lines.length; ) {
    const end = indexIn(lines, '\r\n', from);
    const colon = indexIn(lines, ': ', from);
    if (end === -1 || colon === -1) break;
    setHeader(headers, slice(lines, from, colon), slice(lines, colon + 2, end));
    from = end + 2;
  }
  return headers;
}

function headerOf(headers: Headers, name: string): string | null {
  try {
    return getHeader(headers, name);
  } catch {
    return null;
  }
}
