import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { startChromium } from '../../support/browsers/chromium.ts';
import { filesOf } from '../../support/browsers/page-files.ts';
import { overviewOf, SAMPLES } from '../../support/samples/overviews.ts';
import type { Table } from '../results/speed.ts';
import { spreadOf, timesOf } from '../results/spread.ts';
import { takeTurns } from '../turns.ts';
import { buildPages, PAGES } from './build.ts';

interface Opening {
  paint: number;
  /** When the accounts stood there; null in the empty popup. */
  correct: number | null;
}

const EMPTY = 'an empty popup';

/**
 * The popup with three accounts beside an empty extension popup and beside its own sources built with React: when each
 * first paints, when it shows the stored state, and what it weighs.
 */
export async function measurePopup(rounds: number): Promise<Table> {
  const extension = await buildPages();
  const chromium = await startChromium({ extension });
  const { live, untilMidnight, expired } = SAMPLES;
  await chromium.options.evaluate(
    (overview) => chrome.storage.session.set({ overview }),
    overviewOf(live, untilMidnight, expired),
  );
  const openings = await takeTurns(
    Object.entries(PAGES).map(([name, path]) => ({
      name,
      turn: async () => open(await chromium.newTab(), chromium.url(path), name !== EMPTY),
    })),
    rounds,
    2,
  );
  await chromium.close();
  const paintsOf = (name: string) => (openings.get(name) ?? []).map(({ paint }) => paint);
  const table: Table = {
    id: 'popup',
    basis: `${rounds} openings each, in turns`,
    columns: [
      { name: 'first paint, ms', digits: 1 },
      { name: 'times the empty popup', digits: 2 },
      { name: 'right state, ms', digits: 1 },
      { name: 'scripts, kB', digits: 1 },
      { name: 'scripts compressed, kB', digits: 1 },
      { name: 'styles, kB', digits: 1 },
      { name: 'files', digits: 0 },
    ],
    rows: Object.entries(PAGES).map(([name, path]) => {
      const states = (openings.get(name) ?? []).flatMap(({ correct }) => correct ?? []);
      const paints = [spreadOf(paintsOf(name)), timesOf(paintsOf(name), paintsOf(EMPTY))];
      return {
        name,
        figures: [...paints, states.length === 0 ? null : spreadOf(states), ...weightOf(extension, path)],
      };
    }),
  };
  rmSync(extension, { recursive: true, force: true });
  return table;
}

function weightOf(extension: string, page: string): number[] {
  const files = [...filesOf(extension, page)];
  const textOf = (end: string) =>
    files
      .filter(([path]) => path.endsWith(end))
      .map(([, text]) => text)
      .join('');
  const [scripts, styles] = [textOf('.js'), textOf('.css')];
  return [kilobytes(scripts), kilobytes(gzipSync(scripts)), kilobytes(styles), files.length];
}

async function open(page: Page, url: string, hasAccounts: boolean): Promise<Opening> {
  await page.setViewportSize({ width: 360, height: 600 });
  await page.addInitScript(watch);
  await page.goto(url);
  const seen = await page.waitForFunction((needsCorrect) => {
    const { paint, correct } = document as unknown as Partial<Opening>;
    return paint && (correct || !needsCorrect) ? { paint, correct: correct ?? null } : null;
  }, hasAccounts);
  const opening = await seen.jsonValue();
  await page.close();
  if (opening === null) throw new Error(`${url} did not paint`);
  return opening;
}

/** Runs in the page before it: notes both moments, in milliseconds since the navigation began. */
function watch(): void {
  const seen = document as unknown as Partial<Opening>;
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') seen.paint = startTime;
  }).observe({ type: 'paint', buffered: true });
  new MutationObserver((_, observer) => {
    if (!document.querySelector('[data-account]')) return;
    seen.correct = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
}

function kilobytes(content: string | Uint8Array): number {
  return Buffer.byteLength(content) / 1_000;
}
