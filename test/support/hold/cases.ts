/** One thing a page can do with `fetch` or XMLHttpRequest, as text that runs in it and gives what the page saw. */
export interface Case {
  name: string;
  code: string;
}

const BODIES: [name: string, code: string][] = [
  ['no body', 'undefined'],
  ['null', 'null'],
  ['an empty text', "''"],
  ['text', "'plain words'"],
  ['text beyond ASCII', "'₹ निफ्टी'"],
  ['JSON', 'JSON.stringify({ side: "BUY", quantity: 75 })'],
  ['URLSearchParams', 'new URLSearchParams([["a", "1"], ["a", "ä&="]])'],
  ['a form', 'form([["name", "value"]])'],
  ['a form with a file', 'form([["name", "value"], ["file", new File(["file text"], "a.csv", { type: "text/csv" })]])'],
  ['a Blob', 'new Blob(["blob text"], { type: "text/x-blob" })'],
  ['a Blob without a type', 'new Blob(["blob"])'],
  ['an ArrayBuffer', 'new Uint8Array([1, 2, 255]).buffer'],
  ['a part of a buffer', 'new Uint8Array(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)'],
  ['a DataView', 'new DataView(new Uint8Array([9, 8]).buffer)'],
  ['a number', '42'],
  ['an object', '({ toString: () => "as text" })'],
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/problem+json',
  'application/x-ndjson',
  'text/event-stream',
  'text/html',
  '',
];
const TEXTS: [name: string, text: string][] = [
  ['an object', '{"ok":true}'],
  ['an unknown error', '{"error":"not allowed"}'],
  ['what only looks like the end of a session', '{"order":{"name":"Session key is expired"},"auth_required":false}'],
  ['broken JSON', '{"auth_required":'],
  ['nothing', ''],
];
const STATUSES = [200, 201, 204, 304, 400, 401, 403, 404, 429, 500, 503];

const answer = (status: number, type: string, body = '{"ok":true}') =>
  `/answer?${new URLSearchParams({ status: String(status), type, body })}`;

const fetchBodies: Case[] = BODIES.flatMap(([name, body]) =>
  ['POST', 'PUT', 'PATCH'].map((method) => ({
    name: `fetch ${method} with ${name}`,
    code: `fetched('/echo', { method: '${method}', body: ${body} })`,
  })),
);
const requestBodies: Case[] = BODIES.map(([name, body]) => ({
  name: `fetch a Request with ${name}`,
  code: `fetched(new Request('/echo', { method: 'POST', headers: { 'x-page': '1' }, body: ${body} }))`,
}));
const fetchAnswers: Case[] = STATUSES.flatMap((status) =>
  TYPES.map((type) => ({
    name: `fetch, ${status} ${type || 'without a type'}`,
    code: `fetched('${answer(status, type)}')`,
  })),
);
const fetchTexts: Case[] = TEXTS.flatMap(([name, text]) =>
  [200, 401, 403].map((status) => ({
    name: `fetch, ${status} JSON that is ${name}`,
    code: `fetched(${JSON.stringify(answer(status, 'application/json', text))})`,
  })),
);
const FETCH: [name: string, code: string][] = [
  ['a URL object', "fetched(new URL('/echo', location.href))"],
  ['an object as address', "fetched({ toString: () => '/echo' })"],
  ['no arguments', 'fetched()'],
  ['a broken address', "fetched('http://[')"],
  ['a data URL', "fetched('data:application/json,{}')"],
  [
    'a blob URL',
    "fetched(URL.createObjectURL(new Blob(['{}'], { type: 'application/json' }))).then((one) => ({ ...one, url: '' }))",
  ],
  ['a GET with a body', "fetched('/echo', { body: 'x' })"],
  ['a forbidden method', "fetched('/echo', { method: 'CONNECT' })"],
  ['a broken header', "fetched('/echo', { headers: { 'a b': '1' } })"],
  ['headers as pairs', "fetched('/echo', { headers: [['x-page', '1'], ['x-page', '2']] })"],
  ['headers out of an iterator', "fetched('/echo', { headers: new Map([['x-page', '1']]).entries() })"],
  ['Headers', "fetched('/echo', { headers: new Headers({ 'x-page': '1' }) })"],
  ['null init', "fetched('/echo', null)"],
  ['init with a prototype', "fetched('/echo', Object.create({ method: 'POST', body: 'inherited' }))"],
  [
    'init with getters that count',
    "counted((count) => fetched('/echo', { get method() { count(); return 'POST'; } }), 1)",
  ],
  [
    'a Request and init',
    "fetched(new Request('/echo', { method: 'POST', body: 'a' }), { headers: { 'x-page': '2' } })",
  ],
  ['a Request whose body init replaces', "fetched(new Request('/echo', { method: 'POST', body: 'a' }), { body: 'b' })"],
  ['a used Request', "used(new Request('/echo', { method: 'POST', body: 'a' }))"],
  ['a Request that is used after', "usedAfter(new Request('/echo', { method: 'POST', body: 'a' }))"],
  [
    'a Request of another frame',
    "framed((frame) => fetched(new frame.Request('/echo', { method: 'POST', body: 'a' })))",
  ],
  [
    'a text body larger than is kept',
    "fetched('/echo', { method: 'POST', body: 'x'.repeat(1100000) }).then(({ text, ...rest }) => ({ ...rest, size: text.length }))",
  ],
  ['keepalive', "fetched('/echo', { method: 'POST', body: 'a', keepalive: true })"],
  ['redirect followed', "fetched('/redirect')"],
  ['redirect 307 with a body', "fetched('/redirect?status=307', { method: 'POST', body: 'again' })"],
  ['redirect as error', "fetched('/redirect', { redirect: 'error' })"],
  ['redirect by hand', "fetched('/redirect', { redirect: 'manual' })"],
  ['cache no-store', "fetched('/echo', { cache: 'no-store' })"],
  ['cache reload', "fetched('/cached', { cache: 'reload' })"],
  ['cache twice', "fetched('/cached').then(() => fetched('/cached'))"],
  [
    'only if cached',
    "fetched('/cached').then(() => fetched('/cached', { cache: 'only-if-cached', mode: 'same-origin' }))",
  ],
  ['cache no-cache', "fetched('/cached').then(() => fetched('/cached', { cache: 'no-cache' }))"],
  ['a wrong integrity', "fetched('/answer', { integrity: 'sha256-AAAA' })"],
  ['another origin, allowed', "fetched(other('/cors'))"],
  [
    'another origin, with a preflight',
    "fetched(other('/cors'), { method: 'PUT', headers: { 'x-page': '1' }, body: 'x' })",
  ],
  ['another origin, refused', "fetched(other('/echo'))"],
  ['another origin, opaque', "fetched(other('/echo'), { mode: 'no-cors' })"],
  ['another origin in same-origin mode', "fetched(other('/cors'), { mode: 'same-origin' })"],
  ['a dropped connection', "fetched('/drop')"],
  ['a body that breaks off', "fetched('/break')"],
  ['gzip', "fetched('/gzip')"],
  ['HEAD', `fetched('${answer(401, 'application/json')}', { method: 'HEAD' })`],
  ['large JSON', "fetched('/large?bytes=400000').then(({ text, ...rest }) => ({ ...rest, size: text.length }))"],
  [
    'large JSON in chunks',
    "fetched('/large?bytes=400000&chunked').then(({ text, ...rest }) => ({ ...rest, size: text.length }))",
  ],
  ['aborted before', "fetched('/echo', { signal: AbortSignal.abort() })"],
  ['aborted before, with a reason', "fetched('/echo', { signal: AbortSignal.abort('mine') })"],
  ['aborted at once', 'aborting((signal) => fetched("/echo", { signal }), 0)'],
  ['aborted while it waits', 'aborting((signal) => fetched("/never", { signal }), 30)'],
  ['aborted while its body comes', 'abortedBody()'],
  ['timed out', "fetched('/never', { signal: AbortSignal.timeout(30) })"],
  [
    'any of two signals',
    "fetched('/never', { signal: AbortSignal.any([AbortSignal.timeout(20), new AbortController().signal]) })",
  ],
  ['a JSON answer in two halves', 'halves("application/json")'],
  ['an event stream', 'halves("text/event-stream")'],
  ['JSON line by line', 'halves("application/x-ndjson")'],
  ['a plain stream', 'halves("text/plain")'],
  ['a body read by its stream', 'streamed("/answer?type=application/json")'],
  ['json()', "fetch('/answer?type=application/json').then((one) => one.json())"],
  [
    'blob()',
    "fetch('/answer?type=application/json').then((one) => one.blob()).then(({ size, type }) => ({ size, type }))",
  ],
  [
    'arrayBuffer()',
    "fetch('/answer?type=application/json').then((one) => one.arrayBuffer()).then((one) => one.byteLength)",
  ],
  [
    'clone()',
    "fetch('/answer?type=application/json').then(async (one) => [await one.clone().text(), await one.text(), one.bodyUsed])",
  ],
  [
    'read twice',
    "fetch('/answer?type=application/json').then(async (one) => { await one.text(); return one.text().catch(({ name }) => name); })",
  ],
  ['its name, length and place', 'described(globalThis, "fetch")'],
  ['called on nothing', '(0, fetch)("/echo").then((one) => one.status)'],
  ['called on another object', 'attempt(() => fetch.call({}, "/echo"))'],
  ['its promise', 'fetch("/echo") instanceof Promise'],
  [
    'twenty at a time',
    "Promise.all(Array.from({ length: 20 }, (_, at) => fetched('/answer?type=application/json&body=' + at)))",
  ],
];
const fetchOthers: Case[] = FETCH.map(([name, code]) => ({ name: `fetch: ${name}`, code }));

const xhrBodies: Case[] = BODIES.map(([name, body]) => ({
  name: `XHR POST with ${name}`,
  code: `sent({ method: 'POST', url: '/echo', body: ${body} })`,
}));
const RESPONSE_TYPES = ['', 'text', 'json', 'arraybuffer', 'blob', 'document'];
const xhrAnswers: Case[] = RESPONSE_TYPES.flatMap((responseType) =>
  [200, 204, 401, 500].flatMap((status) =>
    ['application/json', 'text/html', ''].map((type) => ({
      name: `XHR as ${responseType || 'the default'}, ${status} ${type || 'without a type'}`,
      code: `sent({ url: '${answer(status, type)}', responseType: '${responseType}' })`,
    })),
  ),
);
const xhrTexts: Case[] = TEXTS.flatMap(([name, text]) =>
  [200, 401, 403].map((status) => ({
    name: `XHR, ${status} JSON that is ${name}`,
    code: `sent({ url: ${JSON.stringify(answer(status, 'application/json', text))} })`,
  })),
);
const XHR: [name: string, code: string][] = [
  ['handlers and listeners in their order', "sent({ url: '/echo', handlers: true })"],
  ['headers', "sent({ url: '/echo', headers: [['x-page', '1'], ['x-page', '2']] })"],
  ['a forbidden header', "sent({ url: '/echo', headers: [['cookie', '1']] })"],
  ['a broken header', "sent({ url: '/echo', headers: [['a b', '1']] })"],
  ['a lower-case method', "sent({ method: 'post', url: '/echo', body: 'x' })"],
  ['a forbidden method', "sent({ method: 'TRACE', url: '/echo' })"],
  ['a broken address', "sent({ url: 'http://[' })"],
  [
    'upload progress',
    "sent({ method: 'POST', url: '/answer?type=application/json', body: 'x'.repeat(300000), upload: true }).then(({ response, events, ...rest }) => ({ ...rest, events: events.filter((one) => one !== 'upload progress') }))",
  ],
  ['upload progress to another origin', "sent({ method: 'POST', url: other('/cors'), body: 'x', upload: true })"],
  ['another origin', "sent({ url: other('/cors') })"],
  ['another origin, refused', "sent({ url: other('/echo') })"],
  ['a redirect', "sent({ url: '/redirect' })"],
  ['a redirect 307 with a body', "sent({ method: 'POST', url: '/redirect?status=307', body: 'again' })"],
  ['a dropped connection', "sent({ url: '/drop' })"],
  ['a body that breaks off', "sent({ url: '/break' })"],
  ['a timeout', "sent({ url: '/never', timeout: 40 })"],
  ['a timeout that is not reached', "sent({ url: '/echo', timeout: 60000 })"],
  ['an abort at once', "sent({ url: '/echo', abortAfter: 0 })"],
  ['an abort while it waits', "sent({ url: '/never', abortAfter: 30 })"],
  ['an abort before it is sent', "sent({ url: '/echo', abortBefore: true })"],
  ['an abort after its end', "sent({ url: '/echo' }).then((seen) => ({ ...seen, again: abortedAfter() }))"],
  ['an answer in two halves', 'halvesByXhr()'],
  ['gzip', "sent({ url: '/gzip' })"],
  [
    'large JSON',
    "sent({ url: '/large?bytes=400000' }).then(({ response, events, ...rest }) => ({ ...rest, size: response.length }))",
  ],
  [
    'large JSON as json',
    "sent({ url: '/large?bytes=400000', responseType: 'json' }).then(({ response, events, ...rest }) => ({ ...rest, size: response.length }))",
  ],
  ['another MIME type', "sent({ url: '/answer?type=text/html', mime: 'application/json' })"],
  ['a synchronous request', 'attempt(() => synchronous("/answer?type=application/json"))'],
  ['a synchronous 401', 'attempt(() => synchronous("/answer?status=401&type=application/json"))'],
  ['sent twice on one object', 'twice()'],
  ['opened again while it runs', 'reopened()'],
  ['a subclass', 'subclassed()'],
  [
    'its constants and names',
    '({ ...described(globalThis, "XMLHttpRequest"), made: new XMLHttpRequest().constructor === XMLHttpRequest, ...described(XMLHttpRequest.prototype, "open"), ...described(XMLHttpRequest.prototype, "send"), done: XMLHttpRequest.DONE, text: String(new XMLHttpRequest()), own: Object.keys(new XMLHttpRequest()) })',
  ],
  ['send before open', 'attempt(() => new XMLHttpRequest().send())'],
  ['setRequestHeader before open', 'attempt(() => new XMLHttpRequest().setRequestHeader("a", "b"))'],
  ['open without arguments', 'attempt(() => new XMLHttpRequest().open())'],
  ['open on another object', 'attempt(() => XMLHttpRequest.prototype.open.call({}, "GET", "/"))'],
  ['credentials', "sent({ url: other('/cors'), withCredentials: true })"],
  ['an exception in a handler', 'throwing()'],
  ['a listener that is removed', 'removed()'],
  ['a listener that runs once', 'once()'],
  [
    'ten at a time',
    "Promise.all(Array.from({ length: 10 }, (_, at) => sent({ url: '/answer?type=application/json&body=' + at })))",
  ],
];
const xhrOthers: Case[] = XHR.map(([name, code]) => ({ name: `XHR: ${name}`, code }));
const OTHERS: Case[] = [
  { name: 'sendBeacon', code: "navigator.sendBeacon('/echo', 'x')" },
  {
    name: 'the globals of the page',
    code: 'Object.getOwnPropertyNames(globalThis).sort()',
  },
  {
    name: 'the elements of the page',
    code: 'document.documentElement.innerHTML.length > 0 && document.documentElement.children.length',
  },
];

/** Every case; none of them is answered by "log in again", so that none may differ. */
export const CASES: Case[] = [
  ...fetchBodies,
  ...requestBodies,
  ...fetchAnswers,
  ...fetchTexts,
  ...fetchOthers,
  ...xhrBodies,
  ...xhrAnswers,
  ...xhrTexts,
  ...xhrOthers,
  ...OTHERS,
];
