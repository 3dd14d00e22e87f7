import { LONGEST_TEXT, NO_SIGN_IN_TEXT } from '../../domain/dashboards/signal.ts';
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

const TEXT_TYPE = /^\s*text\/(?:plain|html)\s*(?:;|$)/i;

/** JSON says "log in again": anything else, a stream of events or lines for one, is not for us to wait for. */
function isJson(type: string | null): boolean {
  return type !== null && matches(JSON_TYPE, type);
}

/** An error may be no more than its text: Flask's `return str(error), 500`. */
function isErrorText(status: number, type: string | null): boolean {
  return status >= 400 && type !== null && matches(TEXT_TYPE, type);
}

function rulesTextOut(beginning: string): boolean {
  return matches(NO_SIGN_IN_TEXT, beginning);
}

/** A sign of one's own may be no more than a status, which an empty body or a page of HTML has too. */
function byStatus(status: number): Peeked | null {
  return status < 300 ? null : { status, text: '' };
}

/** True where the status and the headers leave it open whether a body asks for a login. */
function isOpen(status: number, type: string | null, length: string | null): boolean {
  if (length === '0') return false;
  return isJson(type) ? Number(length) <= CAP_CHARACTERS : isErrorText(status, type) && Number(length) <= LONGEST_TEXT;
}

/**
 * An answer as it can be judged: with its text where it is JSON or an error's text, a failure of any other kind by its status alone, and null
 * for the rest. At once where no body has to be waited for; `isDecided` ends the wait by the beginning of one. What the
 * page reads stays untouched.
 */
export function peekResponse(
  response: Response,
  isDecided: (beginning: string) => boolean,
): Promise<Peeked | null> | Peeked | null {
  const headers = headersOf(response);
  const length = getHeader(headers, 'content-length');
  const status = statusOf(response);
  const type = getHeader(headers, 'content-type');
  if (!isOpen(status, type, length)) return byStatus(status);
  const body = bodyOf(cloneResponse(response));
  if (body === null) return byStatus(status);
  // Of another origin's answer the encoding may stay unsaid.
  const isCounted = kindOf(response) === 'basic' && getHeader(headers, 'content-encoding') === null;
  const bytes = isCounted && length !== null ? Number(length) : Number.POSITIVE_INFINITY;
  const isRuledOut = isJson(type) ? isDecided : rulesTextOut;
  return judgeable(status, readText(body, bytes, isOk(response) ? SUCCESS_CAP_MS : ERROR_CAP_MS, isRuledOut));
}

async function judgeable(status: number, reading: Promise<string | null>): Promise<Peeked | null> {
  const text = await reading;
  return text === null ? byStatus(status) : { status, text };
}

async function readText(
  body: ReadableStream<Uint8Array>,
  bytes: number,
  capMs: number,
  isDecided: (beginning: string) => boolean,
): Promise<string | null> {
  const reader = readerOf(body);
  const decoder = newDecoder();
  let isLate = false;
  const timer = later(() => {
    isLate = true;
    drop(reader);
  }, capMs);
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
      if (done || count >= bytes) return text + decode(decoder);
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

/** The same of a finished XMLHttpRequest; its JSON is read in whichever form the page asked for it. A Blob cannot be read in time, and a document is no JSON. */
export function peekXhr(xhr: XMLHttpRequest): Peeked | null {
  return readyStateOf(xhr) === 4 ? (peekXhrJson(xhr) ?? byStatus(xhrStatusOf(xhr))) : null;
}

function peekXhrJson(xhr: XMLHttpRequest): Peeked | null {
  if (!isOpen(xhrStatusOf(xhr), answerHeader(xhr, 'content-type'), answerHeader(xhr, 'content-length'))) return null;
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
