import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { missingPeers } from './peers/all.ts';
import { missingPostgres } from './peers/postgres.ts';
import { missingProxies } from './peers/proxies.ts';
import { commitHere } from './report/commit.ts';
import { KEPT, type Kept } from './report/kept.ts';
import type { Results, TestFile } from './results.ts';
import { findChromium } from './support/browsers/chromium.ts';
import { findFirefox } from './support/browsers/firefox.ts';

/** Runs every test that can run here, names what cannot, and ends with one line of figures. */
const SLOWEST = 10;
const COMPILED = join(import.meta.dirname, '../.output/compiled');

const notRun: string[] = [...missingPeers(), ...missingPostgres(), ...missingProxies()];
const asked = process.argv.slice(2);
const without: string[] = [];
for (const [browser, path] of Object.entries({ Chromium: findChromium(), Firefox: findFirefox() })) {
  if (path !== null) continue;
  notRun.push(`everything in a real ${browser}: there is none on this machine`);
  without.push(`--project=!e2e-${browser.toLowerCase()}`);
}
if (spawnSync('systemd-analyze', ['--version']).status !== 0)
  notRun.push('the check of the systemd unit by systemd itself: systemd-analyze is not on this machine');

const { files, unhandled, status } = run([...asked, ...without]);
const failures = failuresOf(files);
console.log(`The slowest files:\n${slowest(files).join('\n')}`);
for (const one of failures) console.log(`failed: ${one}`);
for (const what of notRun) console.log(`not run: ${what}`);
const failed = failures.length + unhandled + (process.env.CI ? notRun.length : 0);
const isGreen = status === 0 && failed === 0 && files.length > 0;
// Whatever else made the run fail is one failure more.
console.log(`${sum('passed')} passed, ${isGreen ? 0 : Math.max(failed, 1)} failed, ${sum('skipped')} skipped`);
process.exitCode = isGreen ? 0 : 1;

function slowest(all: TestFile[]): string[] {
  return all
    .toSorted((a, b) => b.tookMs - a.tookMs)
    .slice(0, SLOWEST)
    .map(({ project, path, tookMs }) => `${String(Math.round(tookMs / 1_000)).padStart(5)} s  ${project}: ${path}`);
}

function failuresOf(all: TestFile[]): string[] {
  return all.flatMap(({ project, path, failed }) => failed.map((name) => `${project}: ${path} > ${name}`));
}

function sum(what: 'passed' | 'skipped'): number {
  return files.reduce((total, file) => total + file[what], 0);
}

function run(args: string[]): Results & { status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-results-'));
  const file = join(folder, 'results.json');
  const { status } = spawnSync(
    'vitest',
    ['run', '--reporter=default', `--reporter=${join(import.meta.dirname, 'results.ts')}`, ...args],
    {
      stdio: 'inherit',
      env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, RESULTS: file },
    },
  );
  const results: Results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { files: [], unhandled: 1 };
  if (existsSync(file)) keep(results);
  rmSync(folder, { recursive: true, force: true });
  return { ...results, status };
}

/** For `npm run report`, which is made of the last run. */
function keep(results: Results): void {
  const kept: Kept = { ...results, commit: commitHere(), endedAt: new Date().toISOString(), asked, notRun };
  mkdirSync(dirname(KEPT), { recursive: true });
  writeFileSync(KEPT, JSON.stringify(kept));
}
