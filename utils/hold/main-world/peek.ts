import {
  answerHeader,
  bodyOf,
  cancelReader,
  cloneResponse,
  decode,
  getHeader,
  headersOf,
  isOk,
  later,
  newDecoder,
  notLater,
  readChunk,
  readerOf,
  readyStateOf,
  responseOf,
  responseTypeOf,
  statusOf,
  stringify,
  xhrStatusOf,
} from './natives.ts';

/** An answer that says "log in again" is short. */
const CAP_CHARACTERS = 256 * 1024;
// An error's body comes with its headers; a success that takes its time is a stream, and its page wants the headers now.
const SUCCESS_CAP_MS = 100;
const ERROR_CAP_MS = 1_000;

export interface Peeked {
  status: number;
  text: string;
}

/** True for JSON that is one document: no event stream, no line-by-line JSON. */
function isJson(type: string | null): boolean {
  return type !== null && /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type);
}

/** The text of a JSON answer, or null where it is another kind, too large or too slow; what the page reads stays untouched. */
export async function peekResponse(response: Response): Promise<Peeked | null> {
  const headers = headersOf(response);
  if (!isJson(getHeader(headers, 'content-type')) || bodyOf(response) === null) return null;
  if (Number(getHeader(headers, 'content-length')) > CAP_CHARACTERS) return null;
  const body = bodyOf(cloneResponse(response));
  if (body === null) return null;
  const text = await readCapped(body, isOk(response) ? SUCCESS_CAP_MS : ERROR_CAP_MS);
  return text === null ? null : { status: statusOf(response), text };
}

async function readCapped(body: ReadableStream<Uint8Array>, capMs: number): Promise<string | null> {
  const reader = readerOf(body);
  const decoder = newDecoder();
  let isLate = false;
  const timer = later(() => {
    isLate = true;
    drop(reader);
  }, capMs);
  try {
    let text = '';
    for (;;) {
      const { done, value } = await readChunk(reader);
      if (isLate) return null;
      if (done) return text + decode(decoder);
      text += decode(decoder, value, { stream: true });
      if (text.length > CAP_CHARACTERS) {
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

function drop(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  cancelReader(reader).catch(() => undefined);
}

/** The same of a finished XMLHttpRequest, in whichever form the page asked for it, `bytes` of it as far as its events told. A Blob cannot be read in time, and a document is no JSON. */
export function peekXhr(xhr: XMLHttpRequest, bytes = 0): Peeked | null {
  if (bytes > CAP_CHARACTERS || readyStateOf(xhr) !== 4 || !isJson(answerHeader(xhr, 'content-type'))) return null;
  const text = textOf(responseTypeOf(xhr), responseOf(xhr));
  return text === null || text.length > CAP_CHARACTERS ? null : { status: xhrStatusOf(xhr), text };
}

function textOf(type: string, response: unknown): string | null {
  if (type === '' || type === 'text') return response as string;
  if (type === 'json') return response === null ? null : stringify(response);
  if (type !== 'arraybuffer' || response === null) return null;
  const bytes = response as ArrayBuffer;
  return bytes.byteLength > CAP_CHARACTERS ? null : decode(newDecoder(), bytes);
}
