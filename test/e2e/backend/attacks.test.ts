import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSender, type Spawned, spawnBackend, temporaryDir } from '../../flow/backend/harness.ts';
import { openPlain, startPlain } from '../../support/browsers/plain.ts';
import { until } from '../../support/until.ts';

/**
 * A backend on this machine, and a browser on the same machine that shows a page of somebody else. The page's own server is
 * on this machine as well, and the browser's own rule about local addresses is off, as in an older one: ours have to hold alone.
 */
const JOB = JSON.stringify({ type: 'profile', account: 'zerodha' });
const PAGE = '<!doctype html><title>Evil</title><body>';

let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;
let port: number;
let site: Server;
let evil: string;
let browser: Browser;
let page: Page;
/** What the backend answered to this page, whether the page could read it or not. */
let answers: { line: string; status: number }[];

beforeAll(async () => {
  dir = temporaryDir();
  backend = await spawnBackend({ DATA_DIR: dir.path }, dir.path);
  port = Number(new URL(backend.url).port);
  site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(PAGE));
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready));
  evil = `http://evil.test:${(site.address() as AddressInfo).port}/`;
  browser = await startPlain([
    '--disable-dev-shm-usage',
    '--host-resolver-rules=MAP *.test 127.0.0.1',
    // A sandboxed frame in a process of its own would hide its requests from the page's network record.
    '--disable-features=LocalNetworkAccessChecks,IsolateSandboxedIframes',
  ]);
});
afterAll(async () => {
  await browser.close();
  site.close();
  await backend.kill('SIGTERM');
  dir.remove();
});

beforeEach(async () => {
  answers = [];
  page = await openPlain(browser);
  const lines = new Map<string, string>();
  const statuses = new Map<string, number>();
  const cdp = await page.context().newCDPSession(page);
  // A request and its answer are told of by two processes of the browser, in any order.
  const note = (requestId: string) => {
    const [line, status] = [lines.get(requestId), statuses.get(requestId)];
    if (line !== undefined && status !== undefined) answers.push({ line, status });
  };
  await cdp.send('Network.enable');
  cdp.on('Network.requestWillBeSent', ({ requestId, request: { method, url } }) => {
    if (Number(new URL(url).port) !== port) return;
    lines.set(requestId, `${method} ${new URL(url).pathname}`);
    note(requestId);
  });
  // An answer that the page may not read shows itself nowhere else.
  cdp.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
    statuses.set(requestId, statusCode);
    note(requestId);
  });
  await page.goto(evil);
});
afterEach(async () => {
  await page.context().close();
  // Whatever the page tried: nothing was queued, and the rightful sender is served.
  expect(await (await fetch(`${backend.url}/queue`, { headers: backend.key() })).json()).toEqual({ jobs: [] });
  expect(await createSender(backend.url, dir.path, 'zerodha').check()).toMatchObject({ session: { state: 'none' } });
});

type Init = Pick<RequestInit, 'method' | 'mode' | 'credentials'> & { headers?: Record<string, string>; body?: string };
type Attempt = 'blocked' | { type: string; status: number; text: string };

/** One fetch of the page; what the page itself learns of it. */
function attempt(target: Page, path: string, init: Init = {}): Promise<Attempt> {
  return target.evaluate(
    async ([url, options]): Promise<Attempt> => {
      try {
        const response = await fetch(url, options);
        return { type: response.type, status: response.status, text: await response.text() };
      } catch {
        return 'blocked';
      }
    },
    [path.startsWith('http') ? path : `${backend.url}${path}`, init] as const,
  );
}

/** The record of the network comes on a way of its own, and may come later than the page's word. */
function anAnswer(to = ''): Promise<unknown> {
  return until(
    () => answers.some(({ line }) => line.startsWith(to)),
    (some) => some,
  );
}

const OPAQUE = { type: 'opaque', status: 0, text: '' };
const ROUTES = ['/', '/health', '/ready', '/status', '/metrics', '/queue'];
/** These tell nothing, and whoever probes them knows no name of ours. */
const SAY_NOTHING = ['/health', '/ready'];

describe('BCK-06 a page of another site', () => {
  it.each(ROUTES)('reads nothing from %s', async (path) => {
    expect(await attempt(page, path)).toBe('blocked');
    expect(await attempt(page, path, { credentials: 'include' })).toBe('blocked');
    expect(['blocked', OPAQUE]).toContainEqual(await attempt(page, path, { mode: 'no-cors' }));
    await anAnswer();
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
  });

  it.each(['/queue', '/session'])('posts nothing to %s', async (path) => {
    const headers = { 'content-type': 'application/json' };
    expect(await attempt(page, path, { method: 'POST', headers, body: JOB })).toBe('blocked');
    const silent = { method: 'POST', mode: 'no-cors', body: JOB } as const;
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json'])
      expect(['blocked', OPAQUE]).toContainEqual(
        await attempt(page, path, { ...silent, headers: { 'content-type': type } }),
      );
    await page.evaluate(([url, body]) => navigator.sendBeacon(url, body), [`${backend.url}${path}`, JOB] as const);
    await anAnswer(`POST ${path}`);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'sends no form as %s',
    async (enctype) => {
      const arrived = page.waitForResponse((response) => response.url() === `${backend.url}/queue`);
      await page.evaluate(
        ([action, encoding]) => {
          const form = Object.assign(document.createElement('form'), { method: 'post', action, enctype: encoding });
          // As text/plain this reads `{"type":"profile","account":"zerodha","x":"="}`.
          const field = { name: '{"type":"profile","account":"zerodha","x":"', value: '"}' };
          form.append(Object.assign(document.createElement('input'), field));
          document.body.append(form);
          form.submit();
        },
        [`${backend.url}/queue`, enctype] as const,
      );
      expect((await arrived).status()).toBe(403);
    },
  );

  it('gets nothing by a frame, an image, a script, a stylesheet, an event stream or a socket', async () => {
    const loaded = await page.evaluate(async (url) => {
      const tried = (element: HTMLElement) =>
        new Promise<string>((done) => {
          element.onload = () => done('loaded');
          element.onerror = () => done('failed');
          document.body.append(element);
        });
      const make = <K extends keyof HTMLElementTagNameMap>(name: K, given: object) =>
        Object.assign(document.createElement(name), given);
      const opened = (target: EventTarget, event: string) =>
        new Promise<string>((done) => {
          target.addEventListener(event, () => done('opened'));
          target.addEventListener('error', () => done('failed'));
        });
      const frame = make('iframe', { src: `${url}/queue` });
      await tried(frame);
      let framed = 'hidden';
      try {
        framed = frame.contentWindow?.document.body.textContent ?? 'hidden';
      } catch {
        framed = 'hidden';
      }
      return {
        framed,
        image: await tried(make('img', { src: `${url}/queue` })),
        script: await tried(make('script', { src: `${url}/queue` })),
        style: await tried(make('link', { rel: 'stylesheet', href: `${url}/queue` })),
        events: await opened(new EventSource(`${url}/events`), 'open'),
        socket: await opened(new WebSocket(url.replace('http', 'ws')), 'open'),
      };
    }, backend.url);
    expect(loaded).toEqual({
      framed: 'hidden',
      image: 'failed',
      script: 'failed',
      style: 'failed',
      events: 'failed',
      socket: 'failed',
    });
    expect(answers.filter(({ status }) => status < 400)).toEqual([]);
  });

  it('gets nothing from a sandboxed frame, whose origin is null', async () => {
    const asked: string[] = [];
    page.context().on('request', (request) => {
      if (request.url() === `${backend.url}/queue`) asked.push(request.method());
    });
    const seen = page.waitForEvent('console', (message) => message.text().startsWith('['));
    await page.evaluate(
      ([url, body]) => {
        const code = `Promise.all([
          fetch('${url}/queue').then(() => 'read', () => 'blocked'),
          fetch('${url}/queue', { method: 'POST', mode: 'no-cors', body: '${body}' }).then((answer) => answer.type, () => 'blocked'),
        ]).then((tried) => console.log(JSON.stringify(tried)))`;
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts');
        frame.srcdoc = `<script>${code}</script>`;
        document.body.append(frame);
      },
      [backend.url, JOB] as const,
    );
    const [read, posted] = JSON.parse((await seen).text());
    expect(read).toBe('blocked');
    expect(['blocked', 'opaque']).toContain(posted);
    // Both were sent. Their answers stand in the page's own record only while the frame shares its process.
    await until(
      async () => asked.length,
      (count) => count === 2,
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
  });

  it('learns nothing by opening a window', async () => {
    const popup = page.waitForEvent('popup');
    await page.evaluate((url) => void Object.assign(window, { opened: window.open(url) }), `${backend.url}/queue`);
    await (await popup).waitForLoadState();
    const read = await page.evaluate(() => {
      try {
        return (window as unknown as { opened: Window }).opened.document.body.textContent;
      } catch {
        return 'hidden';
      }
    });
    expect(read).toBe('hidden');
  });
});

describe('BCK-01 a name that was bound to this machine after the page came', () => {
  // The browser holds name and port for the page's own: to it every request below is same-origin.
  const own = (path: string) => `http://rebound.test:${port}${path}`;
  beforeEach(async () => {
    await page.route(own('/evil'), (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
    await page.goto(own('/evil'));
    answers = [];
  });

  it.each(ROUTES.filter((path) => !SAY_NOTHING.includes(path)))('reads nothing from %s', async (path) => {
    const tried = await attempt(page, own(path));
    expect(tried).toMatchObject({
      type: 'basic',
      status: 421,
      text: '{"error":"this backend is not known under that host: add it to ALLOWED_HOSTS"}',
    });
  });

  it.each(['/queue', '/session'])('posts nothing to %s', async (path) => {
    const headers = { 'content-type': 'application/json' };
    expect(await attempt(page, own(path), { method: 'POST', headers, body: JOB })).toMatchObject({ status: 421 });
    await anAnswer();
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 421));
  });
});

describe('a person who types the address', () => {
  it('is shown how to get in, and no cookie is set', async () => {
    const response = await page.goto(`${backend.url}/`);
    expect(response?.status()).toBe(200);
    expect(page.url()).toBe(`${backend.url}/admin/login`);
    await page.getByText('npm run backend:open').waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });
});
