import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPeers } from './peers/all.ts';
import { missingPostgres } from './peers/postgres.ts';
import type { Results, TestFile } from './results.ts';
import { findChromium } from './support/browsers/chromium.ts';
import { findFirefox } from './support/browsers/firefox.ts';

/** Runs every test that can run here, names what cannot, and ends with one line of figures. */
const MOST_AGAIN = 6;
/** Of these no failure is taken for a slow machine: they plan at random, or hold what must never happen even once. */
const SAFETY = ['attack-table', 'kills', 'leaks'];

const notRun: string[] = [...missingPeers(), ...missingPostgres()];
const asked = process.argv.slice(2);
const without: string[] = [];
for (const [browser, path] of Object.entries({ Chromium: findChromium(), Firefox: findFirefox() })) {
  if (path !== null) continue;
  notRun.push(`everything in a real ${browser}: there is none on this machine`);
  without.push(`--project=!e2e-${browser.toLowerCase()}`);
}
if (spawnSync('systemd-analyze', ['--version']).status !== 0)
  notRun.push('the check of the systemd unit by systemd itself: systemd-analyze is not on this machine');

const first = run([...asked, ...without]);
const again = asked.length === 0 ? unsteady(first) : [];
const second = again.length > 0 ? run([...without, '--maxWorkers=1', ...again]) : null;
const files = second ? [...first.files.filter(({ path }) => !again.includes(path)), ...second.files] : first.files;
const failures = failuresOf(files);
if (second)
  for (const one of failuresOf(first.files))
    if (!failures.includes(one)) console.log(`passed only the second time, alone: ${one}`);

for (const one of failures) console.log(`failed: ${one}`);
for (const what of notRun) console.log(`not run: ${what}`);
const failed = failures.length + first.unhandled + (second?.unhandled ?? 0) + (process.env.CI ? notRun.length : 0);
const isGreen = (second ?? first).status === 0 && failed === 0 && files.length > 0;
// Whatever else made the run fail is one failure more.
console.log(`${sum('passed')} passed, ${isGreen ? 0 : Math.max(failed, 1)} failed, ${sum('skipped')} skipped`);
process.exitCode = isGreen ? 0 : 1;

/**
 * The files in real browsers that are run once more, alone: a browser beside another on a busy machine misses a deadline
 * now and then. What fails without a browser has failed, what holds a promise of safety has too, and so has a run in which
 * much failed.
 */
function unsteady({ files, unhandled }: Results): string[] {
  const failed = files.filter((file) => file.failed.length > 0).map(({ path }) => path);
  const isAll = failed.every((path) => path.includes('test/e2e/') && !SAFETY.some((name) => path.includes(name)));
  return unhandled === 0 && isAll && failed.length <= MOST_AGAIN ? [...new Set(failed)] : [];
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
      env: { ...process.env, RESULTS: file },
    },
  );
  const results: Results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { files: [], unhandled: 1 };
  rmSync(folder, { recursive: true, force: true });
  return { ...results, status };
}
