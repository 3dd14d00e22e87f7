import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SetUp, setUpIn } from '../../start/set-up.ts';
import { type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { dialogsIn, switchOn } from '../../support/hold/dashboard.ts';
import { dialogOf, logInBy, noDialog } from '../../support/hold/login.ts';
import { type PracticePage, startPracticePage } from '../../support/hold/practice-page.ts';

let all: SetUp<Chromium>;
let server: PracticePage;
let dashboard: string;
let page: Page;
let isRefusing = false;

beforeAll(async () => {
  all = await setUpIn(startChromium);
  const { kite } = all.practice.brokers;
  server = await startPracticePage(() => kite.sessions.size > 0 && !isRefusing);
  dashboard = await switchOn(all.browser, all.ids.zerodha, server.url, {
    rules: [{ method: '*', path: '/api/read/*', effect: 'read' }],
    signals: [
      { status: 440, path: 'fault.code', text: 'login-timeout' },
      { status: 441, path: null, text: null },
    ],
    lookup: '/by-key/{key}',
  });
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
  server.dropAt = null;
  server.loseAt = null;
});
afterEach(() => page.close());

const SENDERS: Record<string, string> = {
  'fetch GET': 'fetch(url).then((one) => one.json())',
  'fetch JSON':
    'fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ a: 1 }) }).then((one) => one.json())',
  'fetch urlencoded': 'fetch(url, { method: "POST", body: new URLSearchParams({ a: "1" }) }).then((one) => one.json())',
  'fetch a form with a file':
    '(() => { const form = new FormData(); form.append("f", new File(["file"], "a.txt")); return fetch(url, { method: "POST", body: form }).then((one) => one.json()); })()',
  'fetch a Request': 'fetch(new Request(url, { method: "PUT", body: "text" })).then((one) => one.json())',
  'XHR GET': 'sent("GET", "")',
  'XHR as json': 'sent("POST", "json", JSON.stringify({ a: 1 }))',
  'XHR with a form':
    '(() => { const form = new FormData(); form.append("f", new File(["file"], "a.txt")); return sent("POST", "json", form); })()',
  'jQuery GET': 'jQuery.getJSON(url)',
  'jQuery POST': 'jQuery.post(url, { a: 1 })',
  'axios GET': 'axios.get(url).then(({ data }) => data)',
  'axios POST': 'axios.post(url, { a: 1 }).then(({ data }) => data)',
};
const SENT = `const sent = (method, responseType, body) => new Promise((resolve, reject) => {
  const xhr = new XMLHttpRequest();
  let count = 0;
  xhr.onreadystatechange = () => { if (xhr.readyState === 4) count += 1; };
  xhr.onload = () => { count += 1; };
  xhr.onloadend = () => resolve({ ...(responseType ? xhr.response : JSON.parse(xhr.responseText)), count, status: xhr.status });
  xhr.onerror = reject;
  xhr.open(method, url);
  xhr.responseType = responseType;
  xhr.send(body);
});`;

describe('every way of sending, and every way of saying that the session ended', () => {
  it('completes after one login, with one replay each and the page’s own handlers called once', async () => {
    const cases = Object.entries(SENDERS).flatMap(([name, code], index) =>
      ['200', '401', '403', 'breeze', 'own'].map((shape) => ({
        name,
        code,
        shape,
        path: `/api/read/${index}-${shape}`,
      })),
    );
    const exchanges = all.practice.brokers.kite.exchanges.length;
    const answered = page.evaluate(
      `Promise.all(${JSON.stringify(cases)}.map(async ({ code, path, shape }) => {
        const url = path + '?shape=' + shape;
        let settled = 0;
        const result = await Promise.resolve(eval('(async () => {' + ${JSON.stringify(SENT)} + 'return ' + code + '})()')).finally(() => { settled += 1; });
        return { ok: result.ok, path: result.path, count: result.count ?? 2, settled };
      }))`,
    );
    // One that is answered after the login has nothing to wait for.
    await logInBy(all, await dialogOf(page, `${cases.length} requests wait`));
    const results = (await answered) as object[];
    expect(results).toEqual(cases.map(({ path }) => ({ ok: true, path, count: 2, settled: 1 })));
    for (const { path, name, shape } of cases)
      expect([name, shape, server.received.filter((one) => one.path === path).map((one) => one.answer)]).toEqual([
        name,
        shape,
        ['auth', 'ok'],
      ]);
    for (const { path } of cases) {
      const [first, second] = server.received.filter((one) => one.path === path);
      expect(unbound(second?.body)).toBe(unbound(first?.body));
    }
    expect(all.practice.brokers.kite.exchanges.length).toBe(exchanges + 1);
    await noDialog(page);
  });

  it.each(['empty', 'page'])('completes also by a sign that is only a status, whose answer is %s', async (shape) => {
    const path = `/api/read/status-${shape}`;
    const answered = page.evaluate(
      `Promise.all([
        fetch('${path}-fetch?shape=${shape}').then((one) => one.json()),
        axios.get('${path}-xhr?shape=${shape}').then(({ data }) => data),
      ])`,
    );
    await logInBy(all, await dialogOf(page, /2 requests wait/));
    expect(await answered).toMatchObject([{ ok: true }, { ok: true }]);
    await noDialog(page);
  });

  it('leaves what it does not know alone', async () => {
    const status = await page.evaluate(() => fetch('/api/read/unknown?shape=unknown').then((one) => one.status));
    expect(status).toBe(401);
    expect(await dialogsIn(page)).toEqual([]);
  });
});

/** Multipart boundaries are made anew for each sending. */
function unbound(body = ''): string {
  return body.replaceAll(/-+WebKitFormBoundary\w+/g, 'BOUNDARY');
}

describe('what may act', () => {
  const order = (on: Page, path: string) =>
    on.evaluate(
      (url) =>
        fetch(url, { method: 'POST', body: '{"side":"BUY"}' }).then(
          (one) => one.status,
          (error: Error) => error.name,
        ),
      path,
    );

  it('goes out on a click only, one by one, each with a key', async () => {
    const first = order(page, '/api/order/1');
    const second = order(page, '/api/order/2');
    await logInBy(all, await dialogOf(page, 'requests wait'));
    const dialog = await dialogOf(page, 'Send these now?');
    expect(dialog.acts.filter((act) => act === 'send')).toHaveLength(2);
    expect(dialog.text).toContain('POST /api/order/1');
    expect(server.received.filter(({ answer }) => answer === 'ok')).toEqual([]);
    await dialog.press('send');
    expect(await first).toBe(200);
    expect(server.done('/api/order/2')).toEqual([]);
    await (await dialogOf(page, 'POST /api/order/2')).press('discard');
    expect(await second).toBe(401);
    const received = server.received.map(({ path, answer, key }) => [path, answer, key !== null]);
    // Two that are sent at once may arrive in any order.
    expect(received.slice(0, 2).toSorted()).toEqual([
      ['/api/order/1', 'auth', false],
      ['/api/order/2', 'auth', false],
    ]);
    expect(received.slice(2)).toEqual([['/api/order/1', 'ok', true]]);
    await noDialog(page);
  });

  it.each([
    ['carried out', '/by-key/{key}', 'dropAt', /says that it was carried out/],
    ['never arrived', '/by-key/{key}', 'loseAt', /says that it never arrived/],
    ['unknown', null, 'dropAt', /Look in your order book/],
  ] as const)('is never sent again after a lost answer, and is shown as %s', async (_, lookup, loses, says) => {
    const overview = await all.browser.overview();
    const settings = overview?.dashboards.find(({ settings: { id } }) => id === dashboard)?.settings;
    if (!settings) throw new Error('the dashboard is gone');
    const { id, createdAt: _at, ...form } = settings;
    await all.browser.send({ type: 'save-dashboard', id, form: { ...form, lookup } });
    await page.reload();
    server.received.length = 0;
    const answered = order(page, '/api/order/lost');
    await logInBy(all, await dialogOf(page, 'One request waits'));
    server[loses] = '/api/order/lost';
    await (await dialogOf(page, 'Send these now?')).press('send');
    expect(await answered).toBe('TypeError');
    const dialog = await dialogOf(page, says);
    expect(dialog.acts).toEqual(['close']);
    await dialog.press('close');
    await page.waitForTimeout(1_200);
    // The browser itself sends a request once more on a connection that turns out to be dead; then with the same key.
    const sent = server.received.filter(({ path, key }) => path === '/api/order/lost' && key !== null);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(server.done('/api/order/lost').length > 0).toBe(loses === 'dropAt');
  });
});

describe('the four scenarios of the Django system', () => {
  const quote = () => page.evaluate(() => fetch('/api/read/quote').then(async (one) => [one.status, await one.json()]));

  it('expired: held, renewed, answered', async () => {
    const answered = quote();
    await logInBy(all, await dialogOf(page));
    expect(await answered).toMatchObject([200, { ok: true }]);
  });

  it('invalid token: what fails again after a login is the page’s own, without a loop', async () => {
    const answered = quote();
    const dialog = await dialogOf(page);
    const tab = await all.browser.loginTab(() => dialog.press('log-in'));
    // The server of this page does not take the new session.
    isRefusing = true;
    await tab.click('#login');
    expect(await answered).toMatchObject([401, { auth_required: true }]);
    isRefusing = false;
    expect(server.received.map(({ answer }) => answer)).toEqual(['auth', 'auth']);
    await tab.close();
  });

  it('cancel: each gets its original answer', async () => {
    const answered = Promise.all([
      quote(),
      page.evaluate(() => fetch('/api/order/9?shape=403', { method: 'POST' }).then((one) => one.status)),
    ]);
    await (await dialogOf(page, '2 requests wait')).press('cancel');
    expect(await answered).toMatchObject([[401, { auth_required: true }], 403]);
    expect(server.received.map(({ answer }) => answer)).toEqual(['auth', 'auth']);
    await noDialog(page);
  });

  it('valid session: nothing of ours is seen', async () => {
    const answered = quote();
    await logInBy(all, await dialogOf(page));
    await answered;
    await noDialog(page);
    expect(await quote()).toMatchObject([200, { ok: true }]);
    expect(await dialogsIn(page)).toEqual([]);
  });
});
