import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { bundle } from '../bundle.ts';
import type { Table } from '../results/speed.ts';
import { spreadOf, timesOf } from '../results/spread.ts';
import { takeTurns } from '../turns.ts';
import { startBare } from '../way/bare.ts';
import type { Boxes, BoxName, Drained } from './page.ts';

const FEW = 10;
const NAMES: Record<BoxName, string> = { own: 'this outbox', workbox: 'workbox-background-sync' };

/** So many deliveries into an outbox and out of it to a server on this machine, one after the other, in one page by turns. */
export async function measureOutbox(rounds: number, count: number): Promise<Table> {
  const server = await startServer();
  const files = {
    'manifest.json': MANIFEST,
    'worker.js': '',
    'page.html': PAGE,
    'page.js': await bundle(join(import.meta.dirname, 'page.ts')),
  };
  const { page, close } = await startBare(null, files);
  const names = Object.keys(NAMES) as BoxName[];
  const measured = await takeTurns(
    names.map((name) => ({ name, turn: () => play(page, name, server.url, count) })),
    rounds,
  );
  const stored = new Map<BoxName, number>();
  for (const name of names) stored.set(name, await storedAtFirst(page, name, server.url, FEW));
  await close();
  server.close();
  return {
    id: 'outbox',
    basis: `${count.toLocaleString('en')} deliveries, ${rounds} turns`,
    columns: [
      { name: 'enqueue, ms', digits: 0 },
      { name: 'drain, ms', digits: 0 },
      { name: 'both, times workbox', digits: 2 },
      { name: `of ${FEW} stored while the first is sent`, digits: 0 },
    ],
    rows: names.map((name) => {
      const all = measured.get(name) ?? [];
      const both = (turns: Drained[] = []) => turns.map(({ enqueueMs, drainMs }) => enqueueMs + drainMs);
      return {
        name: NAMES[name],
        figures: [
          spreadOf(all.map(({ enqueueMs }) => enqueueMs)),
          spreadOf(all.map(({ drainMs }) => drainMs)),
          timesOf(both(all), both(measured.get('workbox'))),
          stored.get(name) ?? null,
        ],
      };
    }),
  };
}

type InPage = typeof globalThis & { boxes: Boxes };

function play(page: Page, name: BoxName, url: string, count: number): Promise<Drained> {
  return page.evaluate((said) => (globalThis as InPage).boxes.measure(...said), [name, url, count] as const);
}

function storedAtFirst(page: Page, name: BoxName, url: string, count: number): Promise<number> {
  return page.evaluate((said) => (globalThis as InPage).boxes.storedAtFirst(...said), [name, url, count] as const);
}

const MANIFEST = JSON.stringify({
  manifest_version: 3,
  name: 'Outboxes',
  version: '1.0',
  permissions: ['storage'],
  host_permissions: ['http://127.0.0.1/*'],
  background: { service_worker: 'worker.js' },
});
const PAGE = '<!doctype html><meta charset="utf-8"><script src="page.js"></script>';

async function startServer() {
  const server = createServer(async (request, response) => {
    await request.toArray();
    response.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
