import { CAP_CHARACTERS, jsonText } from './json-text.ts';
import {
  answerHeader,
  bodyOf,
  cancelReader,
  cloneResponse,
  decode,
  getHeader,
  headersOf,
  isOk,
  kindOf,
  later,
  matches,
  newDecoder,
  notLater,
  readChunk,
  readerOf,
  readyStateOf,
  responseOf,
  responseTypeOf,
  sizeOfBuffer,
  statusOf,
  xhrStatusOf,
} from './natives.ts';

// An error's body comes with its headers; a success that takes its time is a stream, and its page wants the headers now.
const SUCCESS_CAP_MS = 100;
const ERROR_CAP_MS = 1_000;

export interface Peeked {
  status: number;
  text: string;
}

const JSON_TYPE = /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** JSON alone says "log in again": anything else, a stream of events or lines for one, is not for us to wait for. */
function isJson(type: string | null): boolean {
  return type !== null && matches(JSON_TYPE, type);
}

/** True where the status and the headers leave it open whether an answer has to be held. */
function isOpen(type: string | null, length: string | null): boolean {
  return isJson(type) && length !== '0' && Number(length) <= CAP_CHARACTERS;
}

/**
 * The text of a JSON answer, or null where it is another kind, too large, too slow, or where `isDecided` by its beginning;
 * what the page reads stays untouched. Null at once where no body has to be waited for.
 */
export function peekResponse(
  response: Response,
  isDecided: (beginning: string) => boolean,
): Promise<Peeked | null> | null {
  const headers = headersOf(response);
  const length = getHeader(headers, 'content-length');
  if (!isOpen(getHeader(headers, 'content-type'), length)) return null;
  const body = bodyOf(cloneResponse(response));
  if (body === null) return null;
  // Of another origin's answer the encoding may stay unsaid.
  const isCounted = kindOf(response) === 'basic' && getHeader(headers, 'content-encoding') === null;
  return readText(response, body, isCounted && length !== null ? Number(length) : Number.POSITIVE_INFINITY, isDecided);
}

async function readText(
  response: Response,
  body: ReadableStream<Uint8Array>,
  bytes: number,
  isDecided: (beginning: string) => boolean,
): Promise<Peeked | null> {
  const reader = readerOf(body);
  const decoder = newDecoder();
  let isLate = false;
  const timer = later(
    () => {
      isLate = true;
      drop(reader);
    },
    isOk(response) ? SUCCESS_CAP_MS : ERROR_CAP_MS,
  );
  try {
    let text = '';
    let count = 0;
    for (;;) {
      const { done, value } = await readChunk(reader);
      if (isLate) return null;
      if (!done && value) {
        count += value.byteLength;
        text += decode(decoder, value, STREAMED);
      }
      // The last byte by its own count spares the page the wait for the end.
      if (done || count >= bytes) return { status: statusOf(response), text: text + decode(decoder) };
      if (text.length > CAP_CHARACTERS || isDecided(text)) {
        drop(reader);
        return null;
      }
    }
  } catch {
    // A body that breaks off is the page's own to find out.
    return null;
  } finally {
    notLater(timer);
  }
}

const STREAMED = { stream: true };

/** Ends our reading; what the page then stops reading is no longer sent. */
async function drop(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    await cancelReader(reader);
  } catch {
    // It has broken off already.
  }
}

/** The same of a finished XMLHttpRequest, in whichever form the page asked for it. A Blob cannot be read in time, and a document is no JSON. */
export function peekXhr(xhr: XMLHttpRequest): Peeked | null {
  if (readyStateOf(xhr) !== 4 || !isJson(answerHeader(xhr, 'content-type'))) return null;
  if (Number(answerHeader(xhr, 'content-length')) > CAP_CHARACTERS) return null;
  const text = textOf(responseTypeOf(xhr), xhr);
  return text === null || text.length > CAP_CHARACTERS ? null : { status: xhrStatusOf(xhr), text };
}

function textOf(type: string, xhr: XMLHttpRequest): string | null {
  if (type !== '' && type !== 'text' && type !== 'json' && type !== 'arraybuffer') return null;
  const response = responseOf(xhr);
  if (type === '' || type === 'text') return response as string;
  if (response === null) return null;
  if (type === 'json') return jsonText(response);
  const bytes = response as ArrayBuffer;
  return sizeOfBuffer(bytes) > CAP_CHARACTERS ? null : decode(newDecoder(), bytes);
}
