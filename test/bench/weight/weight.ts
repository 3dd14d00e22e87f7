import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openDestination } from '../../support/backend/destination.ts';
import { pairWith } from '../../support/backend/pairing.ts';
import { BUILT, startChromium } from '../../support/browsers/chromium.ts';
import { packedBytes } from '../../support/browsers/packed.ts';
import { until } from '../../support/until.ts';
import type { Table } from '../results/speed.ts';
import { type Spread, spreadOf } from '../results/spread.ts';
import { takeTurns } from '../turns.ts';
import { startBare } from '../way/bare.ts';
import { buildEmptyExtension } from './empty-extension.ts';
import { heapOf } from './heap.ts';

const ROUNDS = 5;
const MB = 1_000_000;

/** What this extension weighs on a disk and holds in memory at rest, beside an empty one of the same tools. */
export async function measureWeight(): Promise<Table> {
  const empty = buildEmptyExtension();
  const heaps = await takeTurns(
    [
      { name: EMPTY, turn: () => emptyHeap(empty) },
      { name: OURS, turn: ownHeap },
    ],
    ROUNDS,
    0,
  );
  const row = (name: string, folder: string) => ({
    name,
    figures: [memory(heaps.get(name)), packedBytes(folder) / 1_000, unpackedBytes(folder) / 1_000, scriptBytes(folder)],
  });
  return {
    id: 'weight',
    basis: `${ROUNDS} starts each, in turns`,
    columns: [
      { name: 'background at rest, MB', digits: 2 },
      { name: 'package, kB', digits: 1 },
      { name: 'unpacked, kB', digits: 1 },
      { name: 'background’s script, kB', digits: 1 },
    ],
    rows: [row(EMPTY, empty), row(OURS, BUILT)],
  };
}

const EMPTY = 'an empty extension by WXT and Preact';
const OURS = 'this extension';

function memory(heaps: readonly number[] = []): Spread {
  return spreadOf(heaps.map((bytes) => bytes / MB));
}

async function emptyHeap(folder: string): Promise<number> {
  const { context, close } = await startBare(null, folder);
  if (context.serviceWorkers().length === 0) await context.waitForEvent('serviceworker');
  const heap = await heapOf(context);
  await close();
  return heap;
}

/** With one account, whose destination has been proven. */
async function ownHeap(): Promise<number> {
  const destination = await openDestination();
  const chromium = await startChromium();
  await chromium.allow('https://kite.zerodha.com/*', 'http://127.0.0.1/*');
  await pairWith(chromium, destination, 'bench');
  await until(
    () => chromium.account('bench'),
    (one) => one !== undefined && one.reportedAt !== null,
  );
  const heap = await heapOf(chromium.context);
  await chromium.close();
  await destination.close();
  return heap;
}

function unpackedBytes(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function scriptBytes(folder: string): number {
  return readFileSync(join(folder, 'background.js')).length / 1_000;
}
