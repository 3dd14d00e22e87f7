import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { BUILT, type Chromium, startChromium } from '../../support/browsers/chromium.ts';
import { bareAccount, switchOn } from '../../support/hold/dashboard.ts';
import { bundle } from '../bundle.ts';
import type { Table } from '../results/speed.ts';
import { spreadOf, timesOf } from '../results/spread.ts';
import { type Entrant, takeTurns } from '../turns.ts';

const HOLD = join(BUILT, 'hold.js');

/** Requests of one kind that a page makes before another page has its turn. */
export const AT_A_TIME = 20;

const ALONE = 'the browser alone';

interface Turn {
  fetchMs: number;
  xhrMs: number;
  largeMs: number;
}

/**
 * What a page pays for the hold: the same requests in one browser against one server, by the browser alone, with the
 * hold, and with @mswjs/interceptors, which also stands in front of fetch and XMLHttpRequest.
 */
export async function measureHold(rounds: number): Promise<Table> {
  const interceptors = await bundle(join(import.meta.dirname, 'interceptors.mjs'));
  const server = await startPages(interceptors);
  const chromium = await startChromium();
  await switchOn(chromium, await bareAccount(chromium), `http://127.0.0.1:${server.port}`);
  const pages = [
    { name: ALONE, url: `http://localhost:${server.port}/`, bytes: 0 },
    { name: 'with the hold', url: `http://127.0.0.1:${server.port}/`, bytes: statSync(HOLD).size },
    {
      name: 'with @mswjs/interceptors',
      url: `http://localhost:${server.port}/intercepted`,
      bytes: Buffer.byteLength(interceptors),
    },
  ];
  const starts = await takeTurns(await Promise.all(pages.map((one) => opened(chromium, one, measureStart))), rounds);
  const turns = await takeTurns(await Promise.all(pages.map((one) => opened(chromium, one, measureRequests))), rounds);
  await chromium.close();
  server.close();
  return {
    id: 'hold',
    basis: `${rounds} turns of ${AT_A_TIME} requests`,
    columns: [
      { name: 'fetch, ms', digits: 2 },
      { name: 'fetch, times', digits: 2 },
      { name: 'XHR, ms', digits: 2 },
      { name: 'XHR, times', digits: 2 },
      { name: 'headers of 20 MB, ms', digits: 1 },
      { name: 'start of a page, ms', digits: 1 },
      { name: 'script, bytes', digits: 0 },
    ],
    rows: pages.map(({ name, bytes }) => {
      const of = (kind: keyof Turn, page = name) => (turns.get(page) ?? []).map((turn) => turn[kind]);
      const times = (kind: keyof Turn) => timesOf(of(kind), of(kind, ALONE));
      return {
        name,
        figures: [
          spreadOf(of('fetchMs')),
          times('fetchMs'),
          spreadOf(of('xhrMs')),
          times('xhrMs'),
          spreadOf(of('largeMs')),
          spreadOf(starts.get(name) ?? []),
          bytes,
        ],
      };
    }),
  };
}

/** A page in a tab of its own, to the front for its turn. */
async function opened<T>(
  chromium: Chromium,
  { name, url }: { name: string; url: string },
  measure: (page: Page, url: string) => Promise<T>,
): Promise<Entrant<T>> {
  const page = await chromium.context.newPage();
  await page.goto(url);
  return {
    name,
    async turn() {
      await page.bringToFront();
      return measure(page, url);
    },
  };
}

async function startPages(interceptors: string) {
  const large = JSON.stringify({ text: 'x'.repeat(20 * 1024 * 1024) });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://any');
    if (pathname === '/interceptors.js')
      return void response.setHeader('content-type', 'text/javascript').end(interceptors);
    const isPage = pathname === '/' || pathname === '/intercepted';
    response.setHeader('content-type', isPage ? 'text/html' : 'application/json');
    if (isPage)
      return void response.end(`<!doctype html>${pathname === '/' ? '' : '<script src="/interceptors.js"></script>'}`);
    response.setHeader('cache-control', 'no-store');
    response.end(pathname === '/large' ? large : '{"ok":true,"price":25000.5}');
  });
  await new Promise<void>((ready) => server.listen(0, ready));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** From the navigation's first byte to the end of the document's scripts. */
async function measureStart(page: Page, url: string): Promise<number> {
  await page.goto(url);
  return page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return entry ? entry.domContentLoadedEventStart - entry.responseStart : Number.NaN;
  });
}

/** The mean of requests one after the other, and one look at how long the headers of a large answer take. */
function measureRequests(page: Page): Promise<Turn> {
  return page.evaluate(async (many) => {
    const timed = async (act: () => Promise<unknown>) => {
      const from = performance.now();
      for (let at = 0; at < many; at += 1) await act();
      return (performance.now() - from) / many;
    };
    const byXhr = () =>
      new Promise((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.onload = resolve;
        xhr.open('GET', '/small');
        xhr.send();
      });
    const fetchMs = await timed(() => fetch('/small').then((one) => one.json()));
    const xhrMs = await timed(byXhr);
    const from = performance.now();
    const response = await fetch('/large');
    const largeMs = performance.now() - from;
    await response.arrayBuffer();
    return { fetchMs, xhrMs, largeMs };
  }, AT_A_TIME);
}
