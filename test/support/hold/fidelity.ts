import type { Case } from './cases.ts';

/**
 * What the standards of fetch and XMLHttpRequest say of order and number: what is read from a page, how often, and what a
 * page can tell from outside. Written after https://fetch.spec.whatwg.org, https://xhr.spec.whatwg.org and
 * https://webidl.spec.whatwg.org, 2026-11.
 */
const ARGUMENTS: [name: string, code: string][] = [
  ['init is read once, in the order of the browser', 'readInOrder()'],
  ['headers out of an object with an iterator', 'iterated()'],
  ['init that is a Request', "fetched('/echo', new Request('/other', { method: 'POST', body: 'q' }))"],
  ['init that is a function', "fetched('/echo', Object.assign(() => 1, { method: 'PUT', body: 'f' }))"],
  ['init that is a number', "fetched('/echo', 5)"],
  ['an address that is a symbol', 'fetched(Symbol())'],
  ['a getter that throws', "fetched('/echo', { get method() { throw new RangeError('of the page'); } })"],
  ['a referrer and its policy', "fetched('/echo', { referrer: '/abc', referrerPolicy: 'same-origin' })"],
  ['a priority', "fetched('/echo', { priority: 'low' })"],
  ['a body that is a stream', 'fetchedStream()'],
  ['a body that was given away', "fetched('/echo', { method: 'POST', body: givenAway() })"],
  [
    'a body that only looks like bytes',
    "fetched('/echo', { method: 'POST', body: Object.create(ArrayBuffer.prototype) })",
  ],
  ['a Request is used up at once', 'usedUp()'],
  ['a body that the page changes after', 'changedAfter()'],
  ['headers that the page changes after', 'headersChangedAfter()'],
  ['headers of an answer cannot be written', "attempt(async () => (await fetch('/echo')).headers.set('a', 'b'))"],
  ['nothing of the page runs but what it gave', 'watched(() => fetch("/echo", { method: "POST", body: "a=1" }))'],
  [
    'nothing of the page runs for an object of an answer',
    'watched(() => fetch("/answer?status=401&type=application/json"))',
  ],
  ['fetch of another frame', "framed((frame) => frame.fetch('/echo').then((one) => one.status))"],
  ['fetch of a frame that is gone', "gone((frame) => frame.fetch).then((own) => attempt(() => own('/echo')))"],
];

const ORDER: [name: string, code: string][] = [
  ['aborted before', "steps(() => fetch('/echo', { signal: AbortSignal.abort() }))"],
  ['a broken address', "steps(() => fetch('http://['))"],
  ['a forbidden method', "steps(() => fetch('/echo', { method: 'CONNECT' }))"],
  ['another origin in same-origin mode', "steps(() => fetch(other('/echo'), { mode: 'same-origin' }))"],
  ['a scheme that nobody fetches', "steps(() => fetch('mailto:a@b'))"],
  ['a thrown reason', "steps(() => fetch('/echo', { get method() { throw 1; } }))"],
  ['no arguments', 'steps(() => fetch())'],
];

const REDIRECTS: [name: string, code: string][] = ['manual', 'follow', 'error'].flatMap((redirect) =>
  ['data:,hello', 'http://[', 'invalidurl:', 'mailto:a@b', '', '/echo'].map((to): [string, string] => [
    `redirect ${redirect} to ${to || 'nowhere'}`,
    `settled(() => fetched('/redirect?status=301&to=${encodeURIComponent(to)}', { redirect: '${redirect}' }))`,
  ]),
);

const BODIES: [name: string, code: string][] = [
  ['a list comes with its headers, its end later', "headersBeforeOthers('[1,')"],
  ['an event stream comes with its headers', "headersBeforeOthers('data', 'text/event-stream')"],
  ['what a page stops reading is no longer sent', "stopped('application/json')"],
  ['what a page stops reading of another kind is no longer sent', "stopped('text/plain')"],
  ['what a page aborts while it reads is no longer sent', 'abortedStream()'],
];

const XHR: [name: string, code: string][] = [
  ['open turns two arguments into text once', 'openedBy(2)'],
  ['open turns five arguments into text once', 'openedBy(5)'],
  ['open with a symbol', "attempt(() => new XMLHttpRequest().open(Symbol('a'), '/'))"],
  ['open with what stands for nothing', "openedWith('GET', '/', true, undefined, null)"],
  ['open for a synchronous request', "openedWith('GET', '/', false)"],
  ['a header that is a symbol', 'headerOf(Symbol())'],
  ['a header that is a number', 'headerOf(5)'],
  ['nothing of the page runs for a text', "watched(() => loaded('', '/echo'))"],
  ['nothing of the page runs for JSON', "watched(() => loaded('json', '/echo'))"],
  ['nothing of the page runs for bytes', "watched(() => loaded('arraybuffer', '/echo'))"],
  ['opened once more in its own last event', 'openedInLoad()'],
  ['XMLHttpRequest of another frame', 'framed((frame) => loadedBy(new frame.XMLHttpRequest()))'],
  ['a body that was given away', 'sentGone()'],
  ['a body that only looks like bytes', 'sentLike(ArrayBuffer.prototype)'],
  ['our open on one of another frame', 'framed((frame) => openedByOurs(new frame.XMLHttpRequest()))'],
  ['an open of another frame on ours', 'framed((frame) => loadedBy(new XMLHttpRequest(), frame))'],
];

const ELSEWHERE: [name: string, code: string][] = [
  ['fetch in a sandboxed frame', "sandboxed('allow-scripts', IN_FRAME.fetch)"],
  ['XMLHttpRequest in a sandboxed frame', "sandboxed('allow-scripts', IN_FRAME.xhr)"],
  ['fetch in a frame with the origin of the page', "sandboxed('allow-scripts allow-same-origin', IN_FRAME.fetch)"],
  [
    'XMLHttpRequest in a frame with the origin of the page',
    "sandboxed('allow-scripts allow-same-origin', IN_FRAME.xhr)",
  ],
  // 2026-11: WXT's wrapper for content scripts posts a message of its own into each page, so ours are built without it.
  ['messages that a frame hears', 'heardIn(null)'],
  ['messages that a sandboxed frame hears', "heardIn('allow-scripts')"],
  ...['omit', 'same-origin', 'include'].map((credentials): [string, string] => [
    `a cookie of another origin, ${credentials}`,
    `withCookie(() => fetched(other('/cookie'), { credentials: '${credentials}' }))`,
  ]),
  ['a cookie of another origin by XMLHttpRequest', "withCookie(() => sent({ url: other('/cookie') }))"],
  [
    'a cookie of another origin by XMLHttpRequest with credentials',
    "withCookie(() => sent({ url: other('/cookie'), withCredentials: true }))",
  ],
];

const LOOKS: [name: string, code: string][] = [
  ['texts, names and lengths', 'texts()'],
  ['the text of what is no function', 'attempt(() => Function.prototype.toString.call({}))'],
  [
    'what an error reporter asks',
    String.raw`/^function\s+\w+\(\)\s+\{\s+\[native code\]\s+\}$/.test(fetch.toString())`,
  ],
  ['the stack of a failed fetch', "fetch('/drop').catch(stackOf)"],
  ['the stack of a refused fetch', "fetch('/echo', { method: 'CONNECT' }).catch(stackOf)"],
  ['the stack of a refused send', 'stackOfThrown(() => new XMLHttpRequest().send())'],
  ['the stack of a refused open', "stackOfThrown(() => new XMLHttpRequest().open('TRACE', '/'))"],
  ['called without new', 'stackOfThrown(() => XMLHttpRequest())'],
];

const named = (kind: string, cases: [name: string, code: string][]): Case[] =>
  cases.map(([name, code]) => ({ name: `${kind}: ${name}`, code }));

export const FIDELITY: Case[] = [
  ...named('fetch', ARGUMENTS),
  ...named('rejected at once', ORDER),
  ...named('fetch', REDIRECTS),
  ...named('a body', BODIES),
  ...named('XHR', XHR),
  ...named('elsewhere', ELSEWHERE),
  ...named('from outside', LOOKS),
];
