/**
 * The browser's own functions, taken before the page's first script runs: what a page makes of its prototypes later
 * changes nothing here, and no function of the page ever gets hold of our port.
 */
type Method<T, A extends unknown[], R> = (self: T, ...args: A) => R;

const { call } = Function.prototype;
const uncurry = <T, A extends unknown[], R>(method: (this: T, ...args: A) => R): Method<T, A, R> =>
  call.bind(method) as Method<T, A, R>;

function getter<T, R>(prototype: T, name: keyof T): (self: T) => R {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (!get) throw new Error(`no ${String(name)} in this browser`);
  return uncurry(get) as (self: T) => R;
}

export const { apply, construct, defineProperty, deleteProperty } = Reflect;
export const getOf = Reflect.get;
export const fieldOf = Reflect.getOwnPropertyDescriptor;
export const { create, keys } = Object;
export const { isArray } = Array;
export const { parse, stringify } = JSON;
const isAbove = uncurry(Object.prototype.isPrototypeOf);
/** What `instanceof` says where no page has a say in it. */
export const isA = (prototype: object, value: unknown): boolean => isAbove(prototype, value as object);
const exec = uncurry(RegExp.prototype.exec);
export const matches = (pattern: RegExp, text: string): boolean => exec(pattern, text) !== null;
export const indexIn = uncurry(String.prototype.indexOf);
export const slice = uncurry(String.prototype.slice);
export const lower = uncurry(String.prototype.toLowerCase);
export const upper = uncurry(String.prototype.toUpperCase);
export const NativeRequest = Request;
export const NativeHeaders = Headers;
export const NativeURL = URL;
export const NativeFormData = FormData;
export const NativeParameters = URLSearchParams;
export const NativeResponse = Response;
export const NativeProxy = Proxy;
export const NativePromise = Promise;
export const { prototype: BLOB } = Blob;
export const { prototype: BUFFER } = ArrayBuffer;
export const { prototype: FORM } = FormData;
export const { prototype: PARAMETERS } = URLSearchParams;
export const NativeEvent = Event;
export const NativeCustomEvent = CustomEvent;
export const NativeProgressEvent = ProgressEvent;
export const isView = ArrayBuffer.isView;
export const steady: () => number = performance.now.bind(performance);
export const later = setTimeout.bind(globalThis);
export const notLater = clearTimeout.bind(globalThis);
export const page = document;

const target = EventTarget.prototype;
export const listen = uncurry(target.addEventListener) as (
  self: EventTarget,
  type: string,
  listener: (event: Event) => void,
  options?: boolean,
) => void;
export const unlisten = uncurry(target.removeEventListener) as typeof listen;
export const dispatch = uncurry(target.dispatchEvent);
export const stop = uncurry(Event.prototype.stopImmediatePropagation);
export const typeOf = getter<Event, string>(Event.prototype, 'type');
export const detailOf = getter<CustomEvent, unknown>(CustomEvent.prototype, 'detail');
export const dataOf = getter<MessageEvent, unknown>(MessageEvent.prototype, 'data');
export const portsOf = getter<MessageEvent, readonly MessagePort[]>(MessageEvent.prototype, 'ports');
export const post = uncurry(MessagePort.prototype.postMessage as (message: unknown) => void);
export const startPort = uncurry(MessagePort.prototype.start);

export const cloneResponse = uncurry(Response.prototype.clone);
export const cloneRequest = uncurry(Request.prototype.clone);
export const statusOf = getter<Response, number>(Response.prototype, 'status');
export const kindOf = getter<Response, string>(Response.prototype, 'type');
export const statusTextOf = getter<Response, string>(Response.prototype, 'statusText');
export const responseUrlOf = getter<Response, string>(Response.prototype, 'url');
export const isOk = getter<Response, boolean>(Response.prototype, 'ok');
export const headersOf = getter<Response, Headers>(Response.prototype, 'headers');
export const bodyOf = getter<Response, ReadableStream<Uint8Array> | null>(Response.prototype, 'body');
export const readerOf = uncurry(ReadableStream.prototype.getReader) as unknown as (
  stream: ReadableStream<Uint8Array>,
) => ReadableStreamDefaultReader<Uint8Array>;
export const readChunk = uncurry(ReadableStreamDefaultReader.prototype.read) as unknown as (
  reader: ReadableStreamDefaultReader<Uint8Array>,
) => Promise<{ done: boolean; value?: Uint8Array }>;
export const cancelReader = uncurry(ReadableStreamDefaultReader.prototype.cancel) as unknown as (
  reader: ReadableStreamDefaultReader<Uint8Array>,
) => Promise<void>;
export const newDecoder = () => new Decoder();
const Decoder = TextDecoder;
export const decode = uncurry(TextDecoder.prototype.decode) as (
  decoder: TextDecoder,
  bytes?: AllowSharedBufferSource,
  options?: { stream: boolean },
) => string;

export const getHeader = uncurry(Headers.prototype.get);
export const hasHeader = uncurry(Headers.prototype.has);
export const setHeader = uncurry(Headers.prototype.set);
export const eachHeader = uncurry(Headers.prototype.forEach) as (
  self: Headers,
  each: (value: string, name: string) => void,
) => void;
export const methodOf = getter<Request, string>(Request.prototype, 'method');
export const modeOf = getter<Request, string>(Request.prototype, 'mode');
export const urlOf = getter<Request, string>(Request.prototype, 'url');
export const requestHeadersOf = getter<Request, Headers>(Request.prototype, 'headers');
export const credentialsOf = getter<Request, string>(Request.prototype, 'credentials');
export const keepsAlive = getter<Request, boolean>(Request.prototype, 'keepalive');
export const signalOf = getter<Request, AbortSignal>(Request.prototype, 'signal');
export const errorNameOf = getter<DOMException, string>(DOMException.prototype, 'name');
export const isAborted = getter<AbortSignal, boolean>(AbortSignal.prototype, 'aborted');
export const reasonOf = getter<AbortSignal, unknown>(AbortSignal.prototype, 'reason');

export const baseOf: () => string = getter<Node, string>(Node.prototype, 'baseURI').bind(null, document);
export const parametersText = uncurry(URLSearchParams.prototype.toString);
export const sizeOfBuffer = getter<ArrayBuffer, number>(ArrayBuffer.prototype, 'byteLength');
export const sliceBuffer = uncurry(ArrayBuffer.prototype.slice);
export const isLocked = getter<ReadableStream, boolean>(ReadableStream.prototype, 'locked');
export const originOf = getter<URL, string>(URL.prototype, 'origin');
export const hrefOf = getter<URL, string>(URL.prototype, 'href');
export const appendTo = uncurry(FormData.prototype.append) as (form: FormData, name: string, value: unknown) => void;
export const eachField = uncurry(FormData.prototype.forEach) as (
  form: FormData,
  each: (value: FormDataEntryValue, name: string) => void,
) => void;

const xhr = XMLHttpRequest.prototype;
export const readyStateOf = getter<XMLHttpRequest, number>(xhr, 'readyState');
export const xhrStatusOf = getter<XMLHttpRequest, number>(xhr, 'status');
export const responseOf = getter<XMLHttpRequest, unknown>(xhr, 'response');
export const responseTypeOf = getter<XMLHttpRequest, string>(xhr, 'responseType');
export const timeoutOf = getter<XMLHttpRequest, number>(xhr, 'timeout');
export const xhrStatusTextOf = getter<XMLHttpRequest, string>(xhr, 'statusText');
export const xhrUrlOf = getter<XMLHttpRequest, string>(xhr, 'responseURL');
export const sendsCredentials = getter<XMLHttpRequest, boolean>(xhr, 'withCredentials');
export const answerHeader = uncurry(xhr.getResponseHeader);
export const answerHeaders = uncurry(xhr.getAllResponseHeaders);
export const openXhr = uncurry(xhr.open as (...args: unknown[]) => void);
export const sendXhr = uncurry(xhr.send as (body?: unknown) => void);
export const abortXhr = uncurry(xhr.abort);
export const setXhrHeader = uncurry(xhr.setRequestHeader);

export const mapGet = uncurry(WeakMap.prototype.get) as <K extends object, V>(
  map: WeakMap<K, V>,
  key: K,
) => V | undefined;
export const mapSet = uncurry(WeakMap.prototype.set) as <K extends object, V>(
  map: WeakMap<K, V>,
  key: K,
  value: V,
) => unknown;
