import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './support/chromium.ts';

/** Runs every test that can run here, names what cannot, and ends with one line of figures. */
const notRun: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'opening-bell-results-'));
const results = join(folder, 'results.json');
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...process.argv.slice(2)];
if (!findChromium()) {
  notRun.push('everything in a real Chromium: there is none on this machine');
  args.push('--project=!e2e');
}

const { status } = spawnSync('vitest', args, { stdio: 'inherit' });
const counted = JSON.parse(readFileSync(results, 'utf8')) as {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
};
rmSync(folder, { recursive: true, force: true });

const missed = notRun.length > 0 && process.env.CI ? notRun.length : 0;
for (const what of notRun) console.log(`not run: ${what}`);
console.log(
  `${counted.numPassedTests} passed, ${counted.numFailedTests + missed} failed, ${counted.numPendingTests} skipped`,
);
process.exitCode = status !== 0 || missed > 0 ? 1 : 0;
