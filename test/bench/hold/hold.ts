import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { BUILT, startChromium } from '../../support/browsers/chromium.ts';
import { bareAccount, switchOn } from '../../support/hold/dashboard.ts';

const HOLD = join(BUILT, 'hold.js');

/** Requests of one kind that a page makes before another page has its turn. */
const AT_A_TIME = 20;

/**
 * What a page pays for the hold: the same requests in one browser against one server, by the browser alone, with the
 * hold, and with @mswjs/interceptors, which also stands in front of fetch and XMLHttpRequest. The pages take turns, so
 * that whatever slows the machine slows them all; `times` is the median of the ratios within a turn. Figures of one run on
 * one machine; only the ratios travel.
 */
export async function measureHold(runs: number): Promise<void> {
  const interceptors = await bundleInterceptors();
  const server = await startPages(interceptors);
  const chromium = await startChromium();
  await switchOn(chromium, await bareAccount(chromium), `http://127.0.0.1:${server.port}`);
  const rows = [
    { name: 'browser alone', url: `http://localhost:${server.port}/`, bytes: 0 },
    { name: 'with the hold', url: `http://127.0.0.1:${server.port}/`, bytes: statSync(HOLD).size },
    {
      name: '@mswjs/interceptors',
      url: `http://localhost:${server.port}/intercepted`,
      bytes: Buffer.byteLength(interceptors),
    },
  ];
  const measured: Measured[] = [];
  for (const row of rows) {
    const page = await chromium.context.newPage();
    const startMs = await measureStart(page, row.url);
    measured.push({ ...row, page, startMs, turns: [] });
  }
  // The first turn warms up; each one begins with another page.
  for (let turn = -1; turn < Math.ceil(runs / AT_A_TIME); turn += 1)
    for (let at = 0; at < measured.length; at += 1) {
      const one = measured[(at + turn + measured.length) % measured.length];
      await one?.page.bringToFront();
      const took = one && (await measure(one.page, AT_A_TIME));
      if (turn >= 0 && took) one.turns.push(took);
    }
  print(measured);
  await chromium.close();
  server.close();
}

interface Turn {
  fetchMs: number;
  xhrMs: number;
  largeMs: number;
}
interface Measured {
  name: string;
  bytes: number;
  page: Page;
  startMs: number;
  turns: Turn[];
}

function print(measured: readonly Measured[]): void {
  const [alone] = measured;
  console.log(
    `${''.padEnd(22)} fetch ms  times   XHR ms  times   20 MB headers ms   script bytes   page start ms   (medians of ${alone?.turns.length} turns)`,
  );
  for (const { name, bytes, startMs, turns } of measured) {
    const of = (kind: keyof Turn) => median(turns.map((turn) => turn[kind]));
    const times = (kind: keyof Turn) => median(turns.map((turn, at) => turn[kind] / (alone?.turns[at]?.[kind] ?? NaN)));
    const pair = (kind: keyof Turn) => `${of(kind).toFixed(2).padStart(8)} ${times(kind).toFixed(2).padStart(6)}`;
    const rest = [of('largeMs').toFixed(1).padStart(18), String(bytes).padStart(14), startMs.toFixed(1).padStart(15)];
    console.log(`${name.padEnd(22)} ${pair('fetchMs')} ${pair('xhrMs')} ${rest.join(' ')}`);
  }
}

function median(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
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
  const times: number[] = [];
  for (let run = 0; run < 15; run += 1) {
    await page.goto(url);
    times.push(
      await page.evaluate(() => {
        const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        return entry ? entry.domContentLoadedEventStart - entry.responseStart : Number.NaN;
      }),
    );
  }
  return times.sort((a, b) => a - b)[7] ?? Number.NaN;
}

/** The mean of requests one after the other, and one look at how long the headers of a large answer take. */
function measure(page: Page, count: number): Promise<Turn> {
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
  }, count);
}

async function bundleInterceptors(): Promise<string> {
  const entry = join(import.meta.dirname, 'interceptors.mjs');
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { conditions: ['browser', 'module', 'default'] },
    build: { write: false, minify: true, lib: { entry, formats: ['iife'], name: 'intercepted' } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output && 'output' in output ? output.output[0] : null;
  if (!chunk || !('code' in chunk)) throw new Error('@mswjs/interceptors was not bundled');
  return chunk.code;
}
