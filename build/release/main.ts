import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AdmZip from 'adm-zip';
import { packagesNamed } from '../notices.ts';
import { type Grants, grantsOf, newGrants } from './grants.ts';
import { lint, MEANT } from './lint.ts';
import { changesIn, missingOfOwner } from './owner.ts';
import { buildTwice, hash, type Packages, STORES } from './packages.ts';
import { run } from './run.ts';
import { readLock, runtimePackages, sbom } from './sbom.ts';

/** Makes a release of the commit that is checked out: packages, hashes, bills of materials; says what is still missing. */
const ROOT = join(import.meta.dirname, '../..');
const OUTPUT = join(ROOT, '.output/release');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

const problems: string[] = [];
const commit = run('git', ['rev-parse', 'HEAD'], { cwd: ROOT }).trim();
if (run('git', ['status', '--porcelain'], { cwd: ROOT }) !== '')
  problems.push('there are changes that are not committed; the release is made of the last commit');
if (changesIn(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'), version) === null)
  problems.push(`CHANGELOG.md has no section ${version}`);

say(`Building ${version} (${commit.slice(0, 12)}) twice, in two folders, under different circumstances…`);
const packages = buildTwice(ROOT, commit);
rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });
for (const [name, file] of packages) write(name, file);

const lock = readLock(ROOT);
const manifests = Object.fromEntries(STORES.map((store) => [store, manifestOf(packages, store)]));
const bundled = packagesNamed(textIn(packageFor(packages, 'chrome'), 'docs/notices.txt'));
write(
  'sbom-extension.json',
  json(
    sbom(
      lock,
      bundled.map((name) => `node_modules/${name}`),
      'opening-bell',
      version,
    ),
  ),
);
write('sbom-backend.json', json(sbom(lock, runtimePackages(lock, 'backend'), 'opening-bell-backend', version)));

const last = JSON.parse(readFileSync(join(ROOT, 'store/last-release.json'), 'utf8')) as {
  version: string | null;
  grants: Record<string, Grants>;
};
for (const [store, manifest] of Object.entries(manifests)) {
  const before = last.grants[store];
  if (before) problems.push(...newGrants(before, grantsOf(manifest)).map((one) => `${store} asks for more: ${one}`));
}
const grants = Object.fromEntries(Object.entries(manifests).map(([store, manifest]) => [store, grantsOf(manifest)]));
write('last-release.json', json({ version, grants }));

say('Asking Mozilla’s linter…');
const linted = lint(ROOT, join(OUTPUT, nameFor(packages, 'firefox')));
problems.push(...linted.errors.map(({ code, message, file }) => `linter: ${code} in ${file}: ${message}`));
problems.push(
  ...linted.unmeant.map(({ code, message, file }) => `linter: ${code} in ${file} has no reason: ${message}`),
);
say(
  `${linted.errors.length} errors, ${linted.warnings} warnings; those that are meant: ${Object.keys(MEANT).join(', ')}.`,
);

const sums = [...packages].map(([name, file]) => `${hash(file)}  ${name}\n`).sort();
write('SHA256SUMS', sums.join(''));
say(`\n${sums.join('')}\nEach package was built twice and is the same. All of it is in .output/release.`);
for (const field of missingOfOwner(ROOT)) say(`missing, only the owner has it: ${field} (store/owner.json)`);
for (const problem of problems) say(`not ready: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(OUTPUT, name), content);
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function nameFor(all: Packages, store: (typeof STORES)[number]): string {
  const name = [...all.keys()].find((one) => one.endsWith(`-${store}.zip`));
  if (name === undefined) throw new Error(`there is no package for ${store}`);
  return name;
}

function packageFor(all: Packages, store: (typeof STORES)[number]): AdmZip {
  return new AdmZip(all.get(nameFor(all, store)));
}

function textIn(zip: AdmZip, path: string): string {
  return zip.readAsText(path);
}

function manifestOf(all: Packages, store: (typeof STORES)[number]): Partial<Grants> {
  return JSON.parse(textIn(packageFor(all, store), 'manifest.json')) as Partial<Grants>;
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}
