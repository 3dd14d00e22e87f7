// Brings the frameworks whose receivers the tests start: Debian's Django, FastAPI and Flask, a second Django beside the
// first, and Next.js in a folder of its own; Postgres, for the backend on many machines; and two proxies. What cannot be had
// is left out; the test run names it. Plain JavaScript without packages, as test/prepare.mjs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aptGet, aptInstall, canUseApt } from '../apt.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const FOLDER = join(root, '.output', 'peers');
export const NEXTJS = join(FOLDER, 'nextjs');
const DJANGO_4_FOLDER = join(FOLDER, 'django-4.2');
export const DJANGO_4 = join(DJANGO_4_FOLDER, 'usr', 'lib', 'python3', 'dist-packages');
export const NODE_KIT = ['opening-bell.mjs', 'opening-bell.contract.mjs', 'opening-bell.store.mjs'];
/** Debian's, for which the frameworks are installed; the variable names another. */
export const PYTHON = process.env.PYTHON ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');

const DEBIAN = {
  django: 'python3-django',
  fastapi: 'python3-fastapi',
  flask: 'python3-flask',
  gunicorn: 'gunicorn',
  uvicorn: 'python3-uvicorn',
};
const PROXIES = {
  nginx: ['/usr/sbin/nginx', '/usr/local/sbin/nginx'],
  caddy: ['/usr/bin/caddy', '/usr/local/bin/caddy'],
};
const BACKPORTS =
  'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm-backports main\n';

export function installPeers() {
  mkdirSync(FOLDER, { recursive: true });
  installPython();
  if (!existsSync(DJANGO_4) && canUseApt()) unpackDjango();
  if (!isNextjsBuilt()) buildNextjs();
  if (isPostgresMissing() && canUseApt()) installPostgres();
  installProxies();
}

/** The folder of Debian's newest Postgres, or null. */
export function postgresPrograms() {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root)
    ? readdirSync(root).filter((name) => existsSync(join(root, name, 'bin', 'initdb')))
    : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(root, newest, 'bin');
}

/** Where its installing was cut off, its programs may be there, and neither run nor have a user to run as. */
function isPostgresMissing() {
  const programs = postgresPrograms();
  if (programs === null || spawnSync(join(programs, 'initdb'), ['--version']).status !== 0) return true;
  return process.getuid?.() === 0 && spawnSync('id', ['postgres']).status !== 0;
}

export function hasPython(module) {
  return spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0;
}

/** Whether Next.js is there, built from the example as it stands, with the tests' own trading.mjs. */
export function isNextjsBuilt() {
  const stamp = join(NEXTJS, 'built-from');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === nextjsStamp();
}

function installPython() {
  const missing = Object.keys(DEBIAN).filter((module) => !hasPython(module));
  if (missing.length === 0 || !canUseApt()) return;
  console.log(`Installing ${missing.join(', ')}…`);
  aptInstall(...missing.map((module) => DEBIAN[module]));
}

/** The programs alone: the tests start a cluster of their own, so Debian need not make one that runs beside it. */
function installPostgres() {
  console.log('Installing Postgres…');
  const settings = '/etc/postgresql-common/createcluster.conf';
  mkdirSync(dirname(settings), { recursive: true });
  if (!existsSync(settings)) writeFileSync(settings, 'create_main_cluster = false\n');
  aptInstall('postgresql');
}

/** The program of a proxy, or null. */
export function proxyProgram(name) {
  return PROXIES[name].find((path) => existsSync(path)) ?? null;
}

function installProxies() {
  const missing = Object.keys(PROXIES).filter((name) => proxyProgram(name) === null);
  if (missing.length === 0 || !canUseApt()) return;
  console.log(`Installing ${missing.join(', ')}…`);
  // Debian would start them as services: the tests start their own.
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  aptInstall(...missing);
  if (isOurs) rmSync(policy);
}

/** Django 4.2 lies in the backports: unpacked beside the installed 3.2, which keeps its place. */
function unpackDjango() {
  console.log('Unpacking Django 4.2…');
  const apt = join(FOLDER, 'apt');
  rmSync(apt, { recursive: true, force: true });
  mkdirSync(join(apt, 'lists', 'partial'), { recursive: true });
  writeFileSync(join(apt, 'sources.list'), BACKPORTS);
  const only = [
    `Dir::Etc::SourceList=${join(apt, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(apt, 'lists')}`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  if (!aptGet([...only, 'update'], apt) || !aptGet([...only, 'download', 'python3-django'], apt)) return;
  const deb = readdirSync(apt).find((name) => name.endsWith('.deb'));
  // Under its name only once all of it is there.
  const unpacked = join(apt, 'unpacked');
  if (spawnSync('dpkg', ['-x', join(apt, deb), unpacked], { stdio: 'inherit' }).status !== 0) return;
  rmSync(DJANGO_4_FOLDER, { recursive: true, force: true });
  renameSync(unpacked, DJANGO_4_FOLDER);
}

function buildNextjs() {
  console.log('Installing and building Next.js…');
  // What an earlier build left may be half of it.
  rmSync(NEXTJS, { recursive: true, force: true });
  for (const { from, to } of nextjsFiles()) {
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
  // Without a secret: a build must not need one.
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  const run = (program, args) =>
    spawnSync(program, args, { cwd: NEXTJS, env, shell: process.platform === 'win32' }).status === 0;
  if (!run('npm', ['ci', '--no-audit', '--no-fund'])) return;
  if (run(process.execPath, ['node_modules/next/dist/bin/next', 'build']))
    writeFileSync(join(NEXTJS, 'built-from'), nextjsStamp());
}

function nextjsFiles() {
  // One build for both: the receiver, and the older system that the tests send to.
  const folders = [join(root, 'examples', 'nextjs'), join(root, 'test', 'peers', 'older', 'nextjs')];
  const own = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((from) => ({ from, to: join(NEXTJS, from.slice(folder.length)) })),
  );
  const kit = NODE_KIT.map((file) => join(root, 'examples', 'node', file));
  const yours = join(root, 'test', 'peers', 'trading.mjs');
  return [...own, ...[...kit, yours].map((from) => ({ from, to: join(NEXTJS, basename(from)) }))];
}

function nextjsStamp() {
  const hash = createHash('sha256');
  for (const { from } of nextjsFiles()) hash.update(readFileSync(from));
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installPeers();
