import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { MODULES } from '../mutation/modules.ts';
import { findChromium } from '../support/browsers/chromium.ts';
import { findFirefox } from '../support/browsers/firefox.ts';
import { commitHere, printed } from './commit.ts';
import { KEPT, type Kept } from './kept.ts';
import { type Facts, type Mutation, page, type Requirement } from './page.ts';

/** One page of what the last `npm test` came to, with what `npm run mutation` and `npm run release` left, to `.output/report.md`. */
const ROOT = join(import.meta.dirname, '../..');
const OUTPUT = join(ROOT, '.output');
const PAGE = join(OUTPUT, 'report.md');

if (!existsSync(KEPT)) {
  console.error('There is no test run to report on: run npm test first.');
  process.exit(1);
}
const kept = JSON.parse(readFileSync(KEPT, 'utf8')) as Kept;
mkdirSync(OUTPUT, { recursive: true });
const text = page({
  facts: facts(),
  files: kept.files,
  unhandled: kept.unhandled,
  notRun: kept.notRun,
  known: testFiles(),
  requirements: requirements(),
  modules: Object.keys(MODULES),
  mutations: mutations(),
  hashes: readIfThere(join(OUTPUT, 'release/SHA256SUMS')),
});
writeFileSync(PAGE, text);
console.log(text);
console.log(`All of it is in ${relative(process.cwd(), PAGE)}.`);

function facts(): Facts {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return [
    ['version', version],
    ['commit', commitHere()],
    ['commit of the test run', kept.commit],
    ['end of the test run', kept.endedAt],
    ['asked for', kept.asked.length === 0 ? 'every test' : kept.asked.join(' ')],
    ['this page', new Date().toISOString()],
    ['Node', process.version],
    ['Chromium', printed(findChromium(), ['--version'])],
    ['Firefox', printed(findFirefox(), ['--version'])],
    ['system', `${platform()} ${release()}, ${arch()}`],
    ['processor', `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`],
    ['memory', `${Math.round(totalmem() / 2 ** 30)} GiB`],
  ];
}

function testFiles(): string[] {
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join('test', path))
    .sort();
}

function requirements(): Requirement[] {
  const list = readFileSync(join(ROOT, 'docs/requirements.md'), 'utf8');
  return [...list.matchAll(/^\| ([A-Z]{3,4}-\d\d) \| (.+) \| (.+) \|$/gm)].map(
    ([, id = '', holds = '', seen = '']) => ({
      id,
      holds,
      files: [...seen.matchAll(/`([^`]+)`/g)].map(([, path]) => `test/${path}`),
    }),
  );
}

function mutations(): Mutation[] {
  const folder = join(OUTPUT, 'mutation');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Mutation);
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
