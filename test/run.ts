import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { missingPeers } from './peers/all.ts';
import { missingPostgres } from './peers/postgres.ts';
import { findChromium } from './support/chromium.ts';
import { findFirefox } from './support/firefox.ts';

/** Runs every test that can run here, names what cannot, and ends with one line of figures. */
const MOST_AGAIN = 6;

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
const steady = first.testResults.filter(({ name }) => !again.includes(name));
const files = second ? [...steady, ...second.testResults] : first.testResults;
const failures = failuresOf(files);
if (second)
  for (const one of failuresOf(first.testResults))
    if (!failures.includes(one)) console.log(`passed only the second time, alone: ${one}`);

for (const one of failures) console.log(`failed: ${one}`);
for (const what of notRun) console.log(`not run: ${what}`);
const failed = failures.length + (process.env.CI ? notRun.length : 0);
const isGreen = (second ?? first).status === 0 && failed === 0 && files.length > 0;
// Whatever else made the run fail (an error outside of every test) is one failure more.
console.log(
  `${count('passed')} passed, ${isGreen ? 0 : Math.max(failed, 1)} failed, ${count('pending', 'skipped')} skipped`,
);
process.exitCode = isGreen ? 0 : 1;

interface TestFile {
  name: string;
  status: string;
  assertionResults: { status: string; fullName: string }[];
}

interface Results {
  status: number | null;
  testResults: TestFile[];
}

/**
 * The files in real browsers that are run once more, alone: a browser beside another on a busy machine misses a deadline
 * now and then. What fails without a browser has failed, and so has a run in which much failed.
 */
function unsteady({ testResults }: Results): string[] {
  const failed = testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  const isAll = failed.every((name) => name.includes('/test/e2e/'));
  return isAll && failed.length <= MOST_AGAIN ? [...new Set(failed)] : [];
}

/** Each test that failed, and each file that could not even be loaded. */
function failuresOf(files: TestFile[]): string[] {
  return files.flatMap(({ name, status, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter((one) => one.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${file} could not be run`];
    return failed.map(({ fullName }) => `${file} > ${fullName}`);
  });
}

function count(...states: string[]): number {
  return files.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => states.includes(status))
    .length;
}

function run(args: string[]): Results {
  const folder = mkdtempSync(join(tmpdir(), 'opening-bell-results-'));
  const file = join(folder, 'results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = spawnSync('vitest', ['run', ...reporters, ...args], { stdio: 'inherit' });
  const testResults = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).testResults as TestFile[]) : [];
  rmSync(folder, { recursive: true, force: true });
  return { status, testResults };
}
