import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { switchOn } from '../../support/hold/dashboard.ts';
import { dialogOf, logInBy, noDialog } from '../../support/hold/login.ts';
import { type PracticePage, startPracticePage } from '../../support/hold/practice-page.ts';
import { until } from '../../support/until.ts';

let all: SetUp<Chromium>;
let server: PracticePage;
let page: Page;

beforeAll(async () => {
  all = await setUpIn(startChromium);
  const { kite } = all.practice.brokers;
  server = await startPracticePage(() => kite.sessions.size > 0);
  await switchOn(all.browser, all.ids.zerodha, server.url);
});
afterAll(async () => {
  await all.close();
  await server.close();
});
beforeEach(async () => {
  all.practice.brokers.kite.endSession();
  page = await all.browser.context.newPage();
  await page.goto(server.url);
  server.received.length = 0;
});
afterEach(() => page.close());

/** One poll by XMLHttpRequest, and everything that its page can tell of the answer. */
const POLL = `const poll = (type, url = '/api/quote', headers = []) => new Promise((resolve) => {
  const xhr = new XMLHttpRequest();
  const events = [];
  for (const name of ['load', 'error', 'abort', 'timeout', 'loadend']) xhr.addEventListener(name, () => events.push(name));
  xhr.addEventListener('readystatechange', () => xhr.readyState === 4 && events.push('done'));
  xhr.addEventListener('loadend', () => setTimeout(() => resolve({
    status: xhr.status, statusText: xhr.statusText, readyState: xhr.readyState, events, type: xhr.getResponseHeader('Content-Type'),
    none: xhr.getResponseHeader('x-none'), all: xhr.getAllResponseHeaders().includes('content-type: application/json'),
    url: new URL(xhr.responseURL).pathname, ok: (type === 'json' ? xhr.response : JSON.parse(type === 'arraybuffer' ? new TextDecoder().decode(xhr.response) : xhr.responseText)).ok,
    xhr,
  }), 5));
  xhr.open('GET', url);
  for (const [name, value] of headers) xhr.setRequestHeader(name, value);
  xhr.responseType = type;
  xhr.send();
});
const told = ({ xhr, ...rest }) => rest;`;

const ANSWERED = {
  status: 200,
  statusText: 'OK',
  readyState: 4,
  events: ['done', 'load', 'loadend'],
  type: 'application/json',
  none: null,
  all: true,
  url: '/api/quote',
  ok: true,
};
const sentAgain = () => server.received.filter(({ answer }) => answer === 'ok');

describe('polls that are alike', () => {
  it('by XMLHttpRequest wait as one, go out as one, and each gets the answer', async () => {
    const answered = page.evaluate(
      `(async () => { ${POLL} const all = await Promise.all(Array.from({ length: 100 }, () => poll('json')));
        return { told: all.map(told), apart: new Set(all.map(({ xhr }) => xhr.response)).size }; })()`,
    );
    // A poll that is answered after the login is another one.
    await until(
      () => server.received.length,
      (count) => count === 100,
    );
    await logInBy(all, await dialogOf(page, 'One request waits'));
    expect(await answered).toEqual({ told: Array.from({ length: 100 }, () => ANSWERED), apart: 100 });
    expect(sentAgain()).toHaveLength(1);
    await noDialog(page);
  });

  it('wait with what differs from them beside them, in form, in headers or in kind', async () => {
    const answered = page.evaluate(
      `(async () => { ${POLL} const by = ['', 'text', 'json', 'arraybuffer'].flatMap((type) => [poll(type), poll(type)]);
        const fetched = [1, 2].map(() => fetch('/api/quote').then((one) => one.json()).then(({ ok }) => ok));
        return [(await Promise.all([...by, poll('', '/api/quote', [['x-page', '1']])])).map(told), await Promise.all(fetched)]; })()`,
    );
    await logInBy(all, await dialogOf(page, '6 requests wait'));
    expect(await answered).toEqual([Array.from({ length: 9 }, () => ANSWERED), [true, true]]);
    expect(sentAgain()).toHaveLength(6);
  });

  it('go on without one that its page gives up, and leave the object free for the next request', async () => {
    const answered = page.evaluate(
      `(async () => { ${POLL} const given = new XMLHttpRequest(); given.open('GET', '/api/quote'); given.send();
        const others = [poll(''), poll('')];
        window.giveUp = () => given.abort();
        const all = (await Promise.all(others)).map((one) => ({ ...one, events: [...one.events] }));
        const after = all.map(({ xhr }) => new Promise((ended) => { xhr.onloadend = () => ended([xhr.status, xhr.readyState, Object.keys(xhr)]); xhr.open('GET', '/api/next'); xhr.send(); }));
        return [all.map(told), given.readyState, await Promise.all(after)]; })()`,
    );
    const dialog = await dialogOf(page, 'One request waits');
    await page.evaluate('giveUp()');
    await logInBy(all, dialog);
    expect(await answered).toEqual([
      [ANSWERED, ANSWERED],
      0,
      [
        [200, 4, []],
        [200, 4, []],
      ],
    ]);
  });
});

describe('reads that differ', () => {
  it('go out one after the other, no faster than the broker bears', async () => {
    const count = 4;
    const answered = page.evaluate(
      (many) =>
        Promise.all(
          Array.from({ length: many }, (_, at) => fetch(`/api/quote/${at}`).then(({ status }) => [status, Date.now()])),
        ),
      count,
    );
    await logInBy(all, await dialogOf(page, `${count} requests wait`));
    const answers = await answered;
    expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 200]);
    const times = answers.map(([, at = 0]) => at).sort((a, b) => a - b);
    // By how much an answer comes early or late says nothing of its request; all of them together took their time.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan((count - 2) * brokers.zerodha.paceMs);
  });
});

describe('a time limit that runs out while a request waits gives the page the answer that had come in time', () => {
  // The dialog has to be seen in it, also on a slow machine.
  const LIMIT = 8_000;
  it.each([
    [
      'axios',
      `axios.get(url, { timeout: ${LIMIT} }).catch(({ code, response }) => [code, response?.status, response?.data.auth_required])`,
    ],
    [
      'XMLHttpRequest',
      `new Promise((ended) => { const xhr = new XMLHttpRequest(); xhr.onload = xhr.ontimeout = ({ type }) => ended([type === 'load' && 'ERR_BAD_REQUEST', xhr.status, JSON.parse(xhr.responseText).auth_required]); xhr.open('GET', url); xhr.timeout = ${LIMIT}; xhr.send(); })`,
    ],
    [
      'a signal with a time limit',
      `fetch(url, { signal: AbortSignal.timeout(${LIMIT}) }).then(async (one) => ['ERR_BAD_REQUEST', one.status, (await one.json()).auth_required])`,
    ],
  ])('%s', async (_, code) => {
    const answered = page.evaluate(`((url) => ${code})('/api/quote')`);
    await dialogOf(page, 'One request waits');
    expect(await answered).toEqual(['ERR_BAD_REQUEST', 401, true]);
    await noDialog(page);
    expect(server.received).toHaveLength(1);
  });
});

describe('an ended session that no object tells', () => {
  const SHAPES = ['batch', 'string', 'text', 'plain'];
  it('is held without a sign of one’s own, by fetch and by XMLHttpRequest', async () => {
    const answered = page.evaluate((shapes) => {
      const sent = (url: string) =>
        new Promise((ended) => {
          const xhr = new XMLHttpRequest();
          xhr.onloadend = () => ended(xhr.status);
          xhr.open('GET', url);
          xhr.send();
        });
      return Promise.all(
        shapes.flatMap((shape) => [
          fetch(`/api/fetched?shape=${shape}`).then(({ status }) => status),
          sent(`/api/sent?shape=${shape}`),
        ]),
      );
    }, SHAPES);
    await logInBy(all, await dialogOf(page, `${2 * SHAPES.length} requests wait`));
    expect(await answered).toEqual(SHAPES.flatMap(() => [200, 200]));
  });
});

describe('a client that ends its own request, with a reason', () => {
  it.each([
    ['ofetch’s time limit', "Object.assign(new Error('timeout'), { name: 'TimeoutError', code: 23 })", [401, true]],
    [
      'a code of a time limit, as axios gives it',
      "Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })",
      [401, true],
    ],
    ['a person who gives up', "new Error('given up')", 'given up'],
    ['a text', "'given up'", 'given up'],
    [
      'an object that throws where it is looked at',
      "new Proxy({ message: 'given up' }, { getOwnPropertyDescriptor() { throw new Error('looked at'); } })",
      'given up',
    ],
  ])('%s', async (_, reason, gets) => {
    const answered = page.evaluate(`(() => {
      const patience = new AbortController();
      globalThis.giveUp = () => patience.abort(${reason});
      return fetch('/api/quote', { signal: patience.signal }).then(
        async (one) => [one.status, (await one.json()).auth_required],
        (error) => error.message ?? error,
      );
    })()`);
    await dialogOf(page, 'One request waits');
    await page.evaluate('giveUp()');
    expect(await answered).toEqual(gets);
    await noDialog(page);
    expect(server.received).toHaveLength(1);
  });
});
