// biome-ignore-all lint/correctness/noUnusedVariables: the cases call these by name.
// Runs in the page behind probe.js: what the cases of fidelity.ts are written in.

/** An object that notes whatever is asked of it. */
function noting(log, name, object) {
  return new Proxy(object, {
    get(target, key) {
      log.push(`${name} get ${String(key)}`);
      return Reflect.get(target, key);
    },
    has(target, key) {
      log.push(`${name} has ${String(key)}`);
      return Reflect.has(target, key);
    },
    ownKeys(target) {
      log.push(`${name} keys`);
      return Reflect.ownKeys(target);
    },
    getOwnPropertyDescriptor(target, key) {
      log.push(`${name} own ${String(key)}`);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
}

const text = (log, name, value) => ({
  toString() {
    log.push(`text of ${name}`);
    return value;
  },
});

async function readInOrder() {
  const log = [];
  const headers = noting(log, 'headers', { 'x-page': text(log, 'header', 'v') });
  const body = text(log, 'body', 'B');
  const init = { method: text(log, 'method', 'POST'), headers, body, cache: text(log, 'cache', 'no-store') };
  const answer = await fetched(text(log, 'address', '/echo'), noting(log, 'init', init));
  return { answer, log };
}

async function iterated() {
  let count = 0;
  const headers = {
    *[Symbol.iterator]() {
      count += 1;
      yield ['x-page', '1'];
    },
  };
  return { answer: await fetched('/echo', { headers }), count };
}

const fetchedStream = () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('s'));
      controller.close();
    },
  });
  return fetched('/echo', { method: 'POST', duplex: 'half', body });
};

async function usedUp() {
  const request = new Request('/echo', { method: 'POST', body: 'a' });
  const answer = fetch(request);
  const { bodyUsed } = request;
  return { bodyUsed, status: (await answer).status };
}

async function changedAfter() {
  const body = new Uint8Array([65, 66]);
  const answer = fetched('/echo', { method: 'POST', body });
  body[0] = 90;
  return answer;
}

async function headersChangedAfter() {
  const request = new Request('/echo', { headers: { 'x-page': '1' } });
  const answer = fetched(request);
  request.headers.set('x-page', '2');
  return answer;
}

function givenAway() {
  const { buffer } = new Uint8Array([65, 66]);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

const sentGone = () => attempt(() => sent({ method: 'POST', url: '/echo', body: givenAway() }));
const sentLike = (prototype) => attempt(() => sent({ method: 'POST', url: '/echo', body: Object.create(prototype) }));

async function gone(take) {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const taken = take(frame.contentWindow);
  frame.remove();
  return taken;
}

const WATCHED = {
  Array: Array.prototype,
  ArrayIterator: Object.getPrototypeOf([][Symbol.iterator]()),
  EventTarget: EventTarget.prototype,
  FormData: FormData.prototype,
  Function: Function.prototype,
  Headers: Headers.prototype,
  JSON,
  Map: Map.prototype,
  Promise: Promise.prototype,
  ReadableStream: ReadableStream.prototype,
  RegExp: RegExp.prototype,
  Request: Request.prototype,
  Response: Response.prototype,
  Set: Set.prototype,
  String: String.prototype,
  TextDecoder: TextDecoder.prototype,
  URL: URL.prototype,
  URLSearchParams: URLSearchParams.prototype,
  WeakMap: WeakMap.prototype,
};

/** Which functions that a page can replace are called while it makes one request, itself and these lines aside. */
async function watched(act) {
  const heard = [];
  const { apply, ownKeys } = Reflect;
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const undo = [];
  let isOn = false;
  const spy = (owner, name, key) => {
    const own = getOwnPropertyDescriptor(owner, key);
    if (key === 'constructor' || !own.configurable || typeof own.value !== 'function') return;
    undo.push(() => defineProperty(owner, key, own));
    defineProperty(owner, key, {
      ...own,
      value(...args) {
        if (isOn) heard[heard.length] = `${name}.${String(key)}`;
        return apply(own.value, this, args);
      },
    });
  };
  for (const name of Object.keys(WATCHED)) for (const key of ownKeys(WATCHED[name])) spy(WATCHED[name], name, key);
  defineProperty(Object.prototype, 'toJSON', {
    configurable: true,
    value() {
      heard[heard.length] = 'toJSON';
      return this;
    },
  });
  undo.push(() => delete Object.prototype.toJSON);
  isOn = true;
  const result = act();
  await result;
  isOn = false;
  for (const restore of undo) restore();
  return heard;
}

/** What comes first: the promise's own end, or the page's next step. */
async function steps(act) {
  const log = [];
  const ended = act().then(
    () => log.push('answered'),
    (error) => log.push(String(error)),
  );
  await Promise.all([ended, Promise.resolve().then(() => log.push('next step'))]);
  return log;
}

/** What an act gives, and which rejections nobody took. */
async function settled(act) {
  const untaken = [];
  const note = (event) => {
    untaken.push(String(event.reason));
    event.preventDefault();
  };
  addEventListener('unhandledrejection', note);
  const result = await act();
  // Such rejections are told in a task of their own, before any that begins after it.
  await new Promise((next) => setTimeout(next, 20));
  removeEventListener('unhandledrejection', note);
  return { result, untaken };
}

/** Whether an error's headers come before three requests that are made after it, while the end of its body is still to come. */
async function headersBeforeOthers(first, type = 'application/json') {
  const name = encodeURIComponent(nextHalf());
  const log = [];
  const url = `/half?name=${name}&type=${encodeURIComponent(type)}&status=401&first=${encodeURIComponent(first)}`;
  const headers = fetch(url).then((response) => {
    log.push('headers');
    return response;
  });
  for (let count = 0; count < 3; count += 1) await fetch('/answer').then((response) => response.text());
  log.push('others');
  const response = await headers;
  await fetch(`/rest?name=${name}`);
  return { log, status: response.status, text: await response.text() };
}

async function stopped(type) {
  const name = encodeURIComponent(nextHalf());
  const response = await fetch(`/endless?name=${name}&type=${encodeURIComponent(type)}`);
  const reader = response.body.getReader();
  await reader.read();
  await reader.cancel();
  return (await fetch(`/closed?name=${name}`)).text();
}

async function abortedStream() {
  const name = encodeURIComponent(nextHalf());
  const controller = new AbortController();
  const { signal } = controller;
  const response = await fetch(`/endless?name=${name}&type=application/json`, { signal });
  await response.body.getReader().read();
  controller.abort();
  return (await fetch(`/closed?name=${name}`)).text();
}

async function openedBy(count) {
  const log = [];
  const xhr = new XMLHttpRequest();
  const rest = count === 2 ? [] : [true, text(log, 'user', 'u'), text(log, 'password', 'p')];
  xhr.open(text(log, 'method', 'pOsT'), text(log, 'address', '/echo'), ...rest);
  xhr.setRequestHeader(text(log, 'name', 'x-page'), text(log, 'value', '1'));
  await new Promise((ended) => {
    xhr.onloadend = ended;
    xhr.send(text(log, 'body', 'b'));
  });
  return { log, text: xhr.responseText };
}

const openedWith = (...args) =>
  attempt(() => {
    const xhr = new XMLHttpRequest();
    xhr.open(...args);
    return xhr.readyState;
  });

const headerOf = (value) =>
  attempt(() => {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', '/echo');
    xhr.setRequestHeader('x-page', value);
    return new Promise((ended) => {
      xhr.onloadend = () => ended(xhr.responseText);
      xhr.send();
    });
  });

function loaded(type, url) {
  const xhr = new XMLHttpRequest();
  return new Promise((ended) => {
    xhr.onload = ended;
    xhr.open('POST', url);
    xhr.setRequestHeader('x-page', '1');
    xhr.responseType = type;
    xhr.send('a=1');
  });
}

function openedInLoad() {
  const log = [];
  return new Promise((ended) => {
    const xhr = new XMLHttpRequest();
    xhr.onreadystatechange = () => {
      log.push(xhr.readyState);
      if (xhr.readyState === 4 && log.length < 6) {
        xhr.open('GET', '/answer?second');
        xhr.send();
      }
    };
    xhr.onload = () => log.push('load');
    xhr.onloadend = () => setTimeout(() => ended(log), 5);
    xhr.open('GET', '/answer');
    xhr.send();
  });
}

function loadedBy(xhr, frame) {
  return new Promise((ended) => {
    xhr.onload = () => ended([xhr.status, xhr.responseText.length]);
    if (frame) frame.XMLHttpRequest.prototype.open.call(xhr, 'GET', '/echo');
    else xhr.open('GET', '/echo');
    xhr.send();
  });
}

function openedByOurs(xhr) {
  return new Promise((ended) => {
    xhr.onload = () => ended(xhr.status);
    XMLHttpRequest.prototype.open.call(xhr, 'GET', '/echo');
    xhr.send();
  });
}

const IN_FRAME = {
  fetch: 'fetch(URL_OF_OTHER).then((one) => say("answered " + one.status), (error) => say(String(error)))',
  xhr: 'const xhr = new XMLHttpRequest(); xhr.onload = () => say("answered " + xhr.status); xhr.onerror = () => say("error"); xhr.open("GET", URL_OF_OTHER); xhr.send()',
};

/** What a frame without an origin of its own, or with the page's, gets from another origin that allows anybody. */
function sandboxed(sandbox, code) {
  const url = JSON.stringify(other('/cors?allow=*'));
  return new Promise((ended) => {
    const frame = document.createElement('iframe');
    frame.sandbox = sandbox;
    frame.srcdoc = `<script>const URL_OF_OTHER = ${url}; const say = (text) => parent.postMessage(text, '*'); ${code}</script>`;
    addEventListener('message', ({ data }) => ended(data), { once: true });
    document.body.append(frame);
  });
}

/** All messages that a frame of this page hears from its first script until it is loaded. */
function heardIn(sandbox) {
  const page = `<script>const heard = [];
    addEventListener('message', ({ data }) => data === 'last' ? parent.postMessage(heard, '*') : heard.push(data));
    addEventListener('load', () => postMessage('last', '*'));</script>`;
  return new Promise((ended) => {
    const frame = document.createElement('iframe');
    if (sandbox !== null) frame.sandbox = sandbox;
    frame.src = `/answer?type=text/html&body=${encodeURIComponent(page)}`;
    addEventListener('message', ({ data }) => ended(data), { once: true });
    document.body.append(frame);
  });
}

async function withCookie(act) {
  await fetch(other('/cookie?set=1'), { credentials: 'include' });
  const result = await act();
  await fetch(other('/cookie?set='), { credentials: 'include' });
  return result;
}

const texts = () =>
  [
    fetch,
    XMLHttpRequest,
    XMLHttpRequest.prototype.constructor,
    XMLHttpRequest.prototype.open,
    XMLHttpRequest.prototype.setRequestHeader,
    XMLHttpRequest.prototype.send,
    XMLHttpRequest.prototype.abort,
    Function.prototype.toString,
  ].map((one) => [one.toString(), String(one), one.name, one.length, Function.prototype.toString.call(one)]);

const stackOf = ({ name, message, stack }) => ({ name, message, isOurs: stack.includes('-extension:') });

function stackOfThrown(act) {
  try {
    return act();
  } catch (error) {
    return stackOf(error);
  }
}
