import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPeers } from './peers/all.ts';
import { missingPostgres } from './peers/postgres.ts';
import { findChromium } from './support/chromium.ts';
import { findFirefox } from './support/firefox.ts';

/** Runs every test that can run here, names what cannot, and ends with one line of figures. */
const notRun: string[] = [...missingPeers(), ...missingPostgres()];
const folder = mkdtempSync(join(tmpdir(), 'opening-bell-results-'));
const results = join(folder, 'results.json');
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...process.argv.slice(2)];
for (const [browser, path] of Object.entries({ Chromium: findChromium(), Firefox: findFirefox() })) {
  if (path !== null) continue;
  notRun.push(`everything in a real ${browser}: there is none on this machine`);
  args.push(`--project=!e2e-${browser.toLowerCase()}`);
}
if (spawnSync('systemd-analyze', ['--version']).status !== 0)
  notRun.push('the check of the systemd unit by systemd itself: systemd-analyze is not on this machine');

const { status } = spawnSync('vitest', args, { stdio: 'inherit' });
const counted = readResults();
rmSync(folder, { recursive: true, force: true });

// A file that could not even be loaded has no test that failed, so it is counted itself.
const broken = counted.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
);
for (const { name } of broken) console.log(`could not be run: ${name}`);
for (const what of notRun) console.log(`not run: ${what}`);
const missed = (process.env.CI ? notRun.length : 0) + broken.length;
const failed = counted.numFailedTests + missed;
const isGreen = status === 0 && failed === 0;
// Whatever else made the run fail (an error outside of every test) is one failure more.
console.log(
  `${counted.numPassedTests} passed, ${isGreen ? 0 : Math.max(failed, 1)} failed, ${counted.numPendingTests} skipped`,
);
process.exitCode = isGreen ? 0 : 1;

interface Results {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

function readResults(): Results {
  if (existsSync(results)) return JSON.parse(readFileSync(results, 'utf8')) as Results;
  console.log('the test runner ended without results');
  return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, testResults: [] };
}
