import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { BUILT, startChromium } from '../support/browsers/chromium.ts';
import { bareAccount, switchOn } from '../support/hold/dashboard.ts';

const HOLD = join(BUILT, 'content-scripts/hold.js');

/**
 * What a page pays for the hold: the same requests in one browser against one server, by the browser alone, with the
 * hold, and with @mswjs/interceptors, which also stands in front of fetch and XMLHttpRequest. Figures of one run on one
 * machine; only the ratios travel.
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
  console.log(
    `${''.padEnd(22)} fetch ms   XHR ms   20 MB headers ms   script bytes   page start ms   (medians of ${runs} runs)`,
  );
  for (const { name, url, bytes } of rows) {
    const page = await chromium.context.newPage();
    const start = await measureStart(page, url);
    const { fetchMs, xhrMs, largeMs } = await measure(page, runs);
    const cells = [fetchMs.toFixed(2).padStart(8), xhrMs.toFixed(2).padStart(8), largeMs.toFixed(1).padStart(18)];
    console.log(`${name.padEnd(22)} ${cells.join(' ')} ${String(bytes).padStart(14)} ${start.toFixed(1).padStart(15)}`);
    await page.close();
  }
  await chromium.close();
  server.close();
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

function measure(page: Page, runs: number) {
  return page.evaluate(async (count) => {
    const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
    const timed = async (act: () => Promise<unknown>) => {
      const times: number[] = [];
      for (let run = -5; run < count; run += 1) {
        const from = performance.now();
        await act();
        if (run >= 0) times.push(performance.now() - from);
      }
      return median(times);
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
    const large: number[] = [];
    for (let run = 0; run < 7; run += 1) {
      const from = performance.now();
      const response = await fetch('/large');
      large.push(performance.now() - from);
      await response.arrayBuffer();
    }
    return { fetchMs, xhrMs, largeMs: median(large) };
  }, runs);
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
