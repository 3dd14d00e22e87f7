// biome-ignore-all lint/correctness/noUnusedVariables: the cases call these by name.
// Runs in the page: what the cases are written in. Values that no two runs share are made alike.
const alike = (text) =>
  String(text)
    .replaceAll(location.host, 'HOST')
    .replaceAll(new URL(other('/')).host, 'OTHER')
    .replaceAll(/----WebKitFormBoundary\w+/g, 'BOUNDARY');

function other(path) {
  const host = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return `http://${host}:${OTHER_PORT}${path}`;
}

function form(fields) {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

const failure = (error) => ({ error: error?.name ?? String(error), message: alike(error?.message ?? '') });

async function fetched(...args) {
  try {
    return await seen(await fetch(...args));
  } catch (error) {
    return failure(error);
  }
}

async function seen(response) {
  const { status, statusText, ok, redirected, type, bodyUsed } = response;
  const headers = [...response.headers].map(([name, value]) => [name, alike(value)]);
  const text = await response.text().then(alike, failure);
  return { status, statusText, ok, redirected, type, bodyUsed, url: alike(response.url), headers, text };
}

async function used(request) {
  await request.text();
  return fetched(request);
}

async function usedAfter(request) {
  const sent = fetched(request);
  const isUsed = request.bodyUsed;
  return { isUsed, ...(await sent), again: await fetched(request) };
}

async function framed(use) {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const result = await use(frame.contentWindow);
  frame.remove();
  return result;
}

async function counted(use, atLeast) {
  let count = 0;
  const result = await use(() => (count += 1));
  return { ...result, isRead: count >= atLeast };
}

function aborting(start, ms) {
  const controller = new AbortController();
  const result = start(controller.signal);
  if (ms === 0) controller.abort();
  else setTimeout(() => controller.abort(), ms);
  return result;
}

let halfName = 0;
const nextHalf = () => {
  halfName += 1;
  return `${location.host}-${halfName}`;
};

async function halves(type) {
  const name = encodeURIComponent(nextHalf());
  const response = await fetch(`/half?name=${name}&type=${encodeURIComponent(type)}`);
  const reader = response.body.getReader();
  const first = new TextDecoder().decode((await reader.read()).value);
  await fetch(`/rest?name=${name}`);
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    rest += new TextDecoder().decode(value);
  }
  return { status: response.status, first, rest };
}

async function abortedBody() {
  const controller = new AbortController();
  const response = await fetch(`/half?name=${encodeURIComponent(nextHalf())}&type=text/plain`, {
    signal: controller.signal,
  });
  controller.abort();
  return { status: response.status, text: await response.text().catch(failure) };
}

async function streamed(url) {
  const response = await fetch(url);
  const { body } = response;
  const isSame = body === response.body;
  let text = '';
  for await (const chunk of response.body) text += new TextDecoder().decode(chunk);
  return { isSame, text, bodyUsed: response.bodyUsed };
}

function described(owner, name) {
  const { value, ...rest } = Object.getOwnPropertyDescriptor(owner, name);
  return { ...rest, name: value.name, length: value.length, type: typeof value, keys: Object.keys(value) };
}

async function attempt(act) {
  try {
    return { given: await act() };
  } catch (error) {
    return failure(error);
  }
}

const XHR_EVENTS = ['readystatechange', 'loadstart', 'progress', 'load', 'error', 'abort', 'timeout', 'loadend'];

function sent(asked) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const events = [];
    // How often the browser reports progress depends on the moment.
    const note = (what) => events.at(-1) !== what && events.push(what);
    for (const type of XHR_EVENTS) {
      xhr.addEventListener(type, (event) => note(`${type} ${xhr.readyState} ${xhr.status} ${event.isTrusted}`));
      if (asked.handlers) xhr[`on${type}`] = () => note(`on${type} ${xhr.readyState}`);
      if (asked.handlers) xhr.addEventListener(type, () => note(`capture ${type}`), true);
    }
    if (asked.upload)
      for (const type of XHR_EVENTS.slice(1)) xhr.upload.addEventListener(type, () => note(`upload ${type}`));
    const finish = () => setTimeout(() => resolve(seenXhr(xhr, events)), 5);
    xhr.addEventListener('loadend', finish);
    try {
      xhr.open(asked.method ?? 'GET', asked.url);
      for (const [name, value] of asked.headers ?? []) xhr.setRequestHeader(name, value);
      if (asked.responseType) xhr.responseType = asked.responseType;
      if (asked.mime) xhr.overrideMimeType(asked.mime);
      if (asked.withCredentials) xhr.withCredentials = true;
      if (asked.timeout) xhr.timeout = asked.timeout;
      if (asked.abortBefore) {
        xhr.abort();
        return finish();
      }
      xhr.send(asked.body);
      if (asked.abortAfter === 0) xhr.abort();
      if (asked.abortAfter > 0) setTimeout(() => xhr.abort(), asked.abortAfter);
    } catch (error) {
      resolve(failure(error));
    }
  });
}

async function seenXhr(xhr, events) {
  const { status, statusText, readyState, responseType, withCredentials, timeout } = xhr;
  const headers = alike(xhr.getAllResponseHeaders());
  const url = alike(xhr.responseURL);
  return {
    status,
    statusText,
    readyState,
    responseType,
    withCredentials,
    timeout,
    url,
    headers,
    response: await textOf(xhr),
    events,
  };
}

async function textOf(xhr) {
  const { response } = xhr;
  if (response instanceof Blob) return `blob ${response.type} ${await response.text()}`;
  if (response instanceof ArrayBuffer) return `buffer ${new TextDecoder().decode(response)}`;
  if (response instanceof Document) return `document ${response.documentElement.outerHTML}`;
  return typeof response === 'string' ? alike(response) : JSON.stringify(response);
}

function abortedAfter() {
  const xhr = new XMLHttpRequest();
  xhr.open('GET', '/echo');
  xhr.abort();
  return [xhr.readyState, xhr.status];
}

function halvesByXhr() {
  return new Promise((resolve) => {
    const name = encodeURIComponent(nextHalf());
    const xhr = new XMLHttpRequest();
    const texts = [];
    xhr.onprogress = () => {
      if (texts.length === 0) fetch(`/rest?name=${name}`);
      texts.push(xhr.responseText);
    };
    xhr.onload = () => resolve({ first: texts[0], last: xhr.responseText });
    xhr.open('GET', `/half?name=${name}`);
    xhr.send();
  });
}

function synchronous(url) {
  const xhr = new XMLHttpRequest();
  xhr.open('GET', url, false);
  xhr.send();
  return [xhr.status, xhr.responseText];
}

function twice() {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const texts = [];
    xhr.onload = () => {
      texts.push(xhr.responseText);
      if (texts.length === 2) return resolve(texts);
      xhr.open('POST', '/echo');
      xhr.send('second');
    };
    xhr.open('GET', '/answer?type=application/json');
    xhr.send();
  });
}

function reopened() {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    const events = [];
    for (const type of XHR_EVENTS)
      xhr.addEventListener(type, () => type !== 'progress' && events.push(`${type} ${xhr.readyState}`));
    xhr.addEventListener('loadend', () => setTimeout(() => resolve({ events, text: xhr.responseText }), 5));
    xhr.open('GET', '/never');
    xhr.send();
    setTimeout(() => {
      xhr.open('GET', '/answer?type=application/json');
      xhr.send();
    }, 20);
  });
}

function subclassed() {
  return new Promise((resolve) => {
    class Own extends XMLHttpRequest {
      open(...args) {
        super.open(...args);
        this.isOwn = true;
      }
    }
    const xhr = new Own();
    xhr.onload = () => resolve([xhr.isOwn, xhr instanceof XMLHttpRequest, xhr.constructor === Own, xhr.responseText]);
    xhr.open('GET', '/answer?type=application/json');
    xhr.send();
  });
}

function throwing() {
  return new Promise((resolve) => {
    const errors = [];
    const onError = (event) => {
      errors.push(event.message);
      event.preventDefault();
    };
    addEventListener('error', onError);
    const xhr = new XMLHttpRequest();
    xhr.onload = () => {
      throw new Error('of the page');
    };
    xhr.onloadend = () =>
      setTimeout(() => {
        removeEventListener('error', onError);
        resolve(errors);
      }, 5);
    xhr.open('GET', '/echo');
    xhr.send();
  });
}

function removed() {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    let count = 0;
    const listener = () => (count += 1);
    xhr.addEventListener('load', listener);
    xhr.removeEventListener('load', listener);
    xhr.onloadend = () => resolve(count);
    xhr.open('GET', '/echo');
    xhr.send();
  });
}

function once() {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    let count = 0;
    xhr.addEventListener('load', () => (count += 1), { once: true });
    xhr.onloadend = () => {
      if (xhr.responseURL.includes('second')) return resolve(count);
      xhr.open('GET', '/echo?second');
      xhr.send();
    };
    xhr.open('GET', '/echo');
    xhr.send();
  });
}
